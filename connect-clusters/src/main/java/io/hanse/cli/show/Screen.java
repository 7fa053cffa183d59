/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.show;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hanse.cli.CliFailure;
import java.io.Console;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Where the command writes: results to standard output, everything about how it went to standard error.
 *
 * <p>Colour is only ever added to a word, and only on a terminal without {@code NO_COLOR}. A line stays one line, whatever
 * words of others are in it. Any thread; lines never mix.
 */
public final class Screen {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final boolean colour;
    private volatile String folder = "";
    private boolean over;

    public Screen(PrintStream out, PrintStream err, boolean terminal, boolean colour) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.colour = colour;
    }

    /** The process's own streams; {@code environment} may hold NO_COLOR (any value) or TERM=dumb. */
    @SuppressWarnings("SystemConsoleNull") // NullAway knows the older contract
    public static Screen ofSystem(Map<String, String> environment) {
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        boolean colour = terminal
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
        return new Screen(System.out, System.err, terminal, colour);
    }

    /** Has every command that is named from here on carry {@code --dir folder}, as the user gave it. */
    public void about(String given) {
        folder = given;
    }

    /** Whether a person sees both streams as they are written. */
    public boolean isTerminal() {
        return terminal;
    }

    /**
     * Says a last thing and nothing more: the command is being ended, and what other threads still find out is no news but a
     * consequence.
     */
    public synchronized void end(String last) {
        progress("");
        note(last);
        over = true;
    }

    /** A line of the result. */
    public void line(String text) {
        print(List.of(NamedCommands.completed(text, folder)));
    }

    private synchronized void print(List<String> lines) {
        if (over) {
            return;
        }
        lines.forEach(line -> out.println(CleanText.line(line, colour)));
        out.flush();
    }

    /** A line about how it goes, not part of the result. */
    public synchronized void note(String text) {
        if (over) {
            return;
        }
        err.println(CleanText.line(NamedCommands.completed(text, folder), colour));
        err.flush();
    }

    /** What is under way, for a person who waits; the next text replaces it, an empty one removes it. */
    public synchronized void progress(String text) {
        if (terminal && !over) {
            err.print("\r\u001b[K" + CleanText.line(text, colour));
            err.flush();
        }
    }

    /** A table of the result. */
    public void table(Table table) {
        table.lines(colour).forEach(this::line);
    }

    /** A JSON document of the result; it must carry {@code version}. */
    public void json(ObjectNode document) {
        if (!document.has("version")) {
            throw new IllegalArgumentException("document: without version (a stable document says which form it has)");
        }
        try {
            print(JSON.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(NamedCommands.completed(document, folder))
                    .lines()
                    .toList());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code text} in the colour of {@code tone}, or as it is. */
    public String tinted(Tone tone, String text) {
        return colour ? tone.around(text) : text;
    }

    /** What is wrong, what it means, what to run next; each on its own line. */
    public void failure(CliFailure failure) {
        note(tinted(Tone.BAD, "error: ") + failure.what());
        if (!failure.meaning().isEmpty()) {
            failure.meaning().lines().forEach(line -> note("       " + line));
        }
        if (!failure.next().isEmpty()) {
            note("       Next: " + failure.next());
        }
    }
}

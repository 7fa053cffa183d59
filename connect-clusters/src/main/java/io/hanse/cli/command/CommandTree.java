/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.command;

import io.hanse.cli.CliFailure;
import io.hanse.cli.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands, and what happens when one fails. */
public final class CommandTree {

    private final Surroundings surroundings;
    private final CommandLine root;

    public CommandTree(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.root = new CommandLine(new Root());
        root.addSubcommand(new DemoCommand(surroundings))
                .addSubcommand(new InitCommand(surroundings))
                .addSubcommand(new RunCommand(surroundings))
                .addSubcommand(new InviteCommand(surroundings))
                .addSubcommand(new AcceptCommand(surroundings))
                .addSubcommand(new DisconnectCommand(surroundings))
                .addSubcommand(new StatusCommand(surroundings))
                .addSubcommand(new ServicesCommand(surroundings))
                .addSubcommand(new ExplainCommand(surroundings))
                .addSubcommand(new SvidCommand(surroundings))
                .addSubcommand(BundleCommand.line(surroundings))
                .addSubcommand(AuthorityCommand.line(surroundings))
                .addSubcommand(new JoinTokenCommand(surroundings))
                .addSubcommand(new RehearseCommand(surroundings))
                .addSubcommand(new CompletionCommand(surroundings));
        boolean colour =
                !surroundings.screen().tinted(io.hanse.cli.show.Tone.GOOD, "x").equals("x");
        root.setColorScheme(CommandLine.Help.defaultColorScheme(colour ? Ansi.ON : Ansi.OFF));
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setExpandAtFiles(false); // @file names the file of an invitation
        root.registerConverter(Duration.class, new Lifetimes());
        root.setUsageHelpAutoWidth(surroundings.screen().isTerminal());
        root.setOut(writer(line -> surroundings.screen().line(line)));
        root.setErr(writer(line -> surroundings.screen().note(line)));
        root.setParameterExceptionHandler((wrong, arguments) -> misused(wrong));
        root.setExecutionExceptionHandler((failure, line, parsed) -> failed(failure));
    }

    /** Does what the arguments say; the number is the process's exit status. */
    public int run(String... arguments) {
        return root.execute(arguments);
    }

    /** The parsed commands, for completion scripts and tests. */
    CommandLine root() {
        return root;
    }

    private int misused(ParameterException wrong) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        if (wrong instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            surroundings.screen().note("Did you mean: " + String.join(", ", unmatched.getSuggestions()) + "?");
        }
        surroundings
                .screen()
                .failure(new CliFailure(
                        ExitCode.USAGE, String.valueOf(wrong.getMessage()), "Nothing was done.", command + " --help"));
        return ExitCode.USAGE.number();
    }

    private int failed(Exception failure) {
        if (failure instanceof CliFailure known) {
            surroundings.screen().failure(known);
            return known.exitCode().number();
        }
        Root options = root.getCommand();
        String where = options.debug ? trace(failure) : "";
        surroundings
                .screen()
                .failure(new CliFailure(
                        ExitCode.UNREACHABLE,
                        "unexpected %s: %s".formatted(failure.getClass().getSimpleName(), failure.getMessage()),
                        "This is a bug in connect-clusters; nothing more was done.",
                        where.isEmpty()
                                ? "run it again with --debug, which writes the details to a file, and report them"
                                : "report the details in " + where));
        return ExitCode.UNREACHABLE.number();
    }

    private static String trace(Exception failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        try {
            Path file = Files.createTempFile("connect-clusters-", ".trace");
            Files.writeString(file, text.toString());
            return file.toString();
        } catch (IOException e) {
            return "(the details could not be written: " + e.getMessage() + ")";
        }
    }

    private static PrintWriter writer(java.util.function.Consumer<String> lines) {
        return new PrintWriter(new LineWriter(lines), true);
    }

    @Command(
            name = "connect-clusters",
            mixinStandardHelpOptions = true,
            synopsisSubcommandLabel = "COMMAND",
            versionProvider = ProductVersion.class,
            description = "Joins clusters that keep their own roots of trust.",
            footer = {
                "",
                "Exit status: 0 fine, 1 found a problem, 2 used wrongly, 3 could not reach what it needs, 130 interrupted.",
                "Example: connect-clusters demo"
            })
    private static final class Root implements Runnable {

        @Option(
                names = "--debug",
                scope = CommandLine.ScopeType.INHERIT,
                description = "On a bug, write the details to a file and say where.")
        private boolean debug;

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

        @Override
        public void run() {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }
}

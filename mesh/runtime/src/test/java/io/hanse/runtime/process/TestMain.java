/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.process;

import io.hanse.model.cluster.HostPort;
import io.hanse.model.identity.SpiffeId;
import io.hanse.runtime.config.Section;
import io.hanse.runtime.control.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A process of roles that listen on a port and do nothing else; run as a child JVM by the tests of the shell. */
final class TestMain {

    private TestMain() {}

    public static void main(String[] args) {
        List<ProcessShell.Role> roles = Arrays.stream(args[0].split(","))
                .map(role ->
                        new ProcessShell.Role(role, (section, cluster, node) -> Settings.read(section), Listening::new))
                .toList();
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        String name = roles.size() == 1 ? roles.getFirst().name() : "control-plane";
        System.exit(ProcessShell.runTogether(name, rest, roles));
    }

    private record Settings(HostPort listen, boolean stubborn, boolean neverReady, boolean bug) {

        static Settings read(Section section) {
            return new Settings(
                    section.address("listen", new HostPort("127.0.0.1", 0)),
                    section.flag("stubborn", false),
                    section.flag("neverReady", false),
                    section.flag("bug", false));
        }
    }

    private static final class Listening implements RunningProcess {

        private final HostPort wanted;
        private final boolean stubborn;
        private final Readiness.StartTask listening;
        private Optional<ServerSocketChannel> channel = Optional.empty();
        private Optional<HostPort> bound = Optional.empty();

        Listening(ProcessContext context) {
            Settings settings = Settings.read(context.section());
            wanted = settings.listen();
            stubborn = settings.stubborn();
            if (settings.bug()) {
                throw new IllegalStateException("on purpose");
            }
            listening = context.readiness().task("listening");
            if (settings.neverReady()) {
                context.readiness().task("own svid").wrong("it never comes", "wait no longer");
            }
            context.metrics().counter("hanse.tests").increment();
            context.control().get("/v1/hello", request -> Reply.json(context.instance()));
        }

        @Override
        public void start() {
            try {
                ServerSocketChannel server = ServerSocketChannel.open();
                channel = Optional.of(server);
                server.bind(new InetSocketAddress(wanted.host(), wanted.port()));
                int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
                bound = Optional.of(new HostPort(wanted.host(), port));
                listening.done();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void drain(Duration deadline) {
            try {
                if (stubborn) {
                    new CountDownLatch(1).await();
                }
                if (channel.isPresent()) {
                    channel.get().close();
                }
                System.out.println("drained within " + deadline);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public List<Listener> listeners() {
            return bound.map(address -> List.of(new Listener("tests", address))).orElse(List.of());
        }

        @Override
        public Optional<SpiffeId> identity() {
            return Optional.of(SpiffeId.parse("spiffe://lubeck.example/ns/hanse-system/sa/spiffe-ca"));
        }
    }
}

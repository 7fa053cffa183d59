/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.cli.demo;

import java.nio.file.Path;
import java.util.List;

/** What to try while {@code demo --keep} leaves everything running. */
final class TryIt {

    private TryIt() {}

    static List<String> lines(DemoWorld world, Path document) {
        Path lubeck = world.lubeck().directory().root();
        Path bergen = world.bergen().directory().root();
        return List.of(
                "Everything runs until Ctrl-C. In another terminal:",
                "",
                "  call as frontend      curl http://%s:%d/"
                        .formatted(world.lubeck().frontendAddress(), DemoManifests.OUTBOUND_PORT),
                "  call as guest         curl http://%s:%d/     (refused by policy)"
                        .formatted(world.lubeck().guestAddress(), DemoManifests.OUTBOUND_PORT),
                "  is it fine            bin/connect-clusters status --dir " + lubeck,
                "  why, or why not       bin/connect-clusters explain shop/guest shop/api-server:80 --dir " + lubeck,
                "  who is who            bin/connect-clusters svid --dir " + bergen,
                "  change the policy     $EDITOR "
                        + world.bergen().directory().manifests().resolve("only-frontend.yaml"),
                "  end the trust         bin/connect-clusters disconnect bergen --dir " + lubeck,
                "",
                "Addresses, identities and sockets of everything: " + document);
    }
}

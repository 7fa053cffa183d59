/**
 * A load driver: how much a call through the product costs against a direct one and against a pair of haproxy.
 * {@code tests/bin/load} runs it; nothing here passes or fails by a timing. It knows the product's command, files and
 * listeners, not its classes. The clients run on one event loop, everything else on the main thread. Absent: other
 * machines; only loopback addresses are ever loaded.
 */
@NullMarked
package io.hanse.tests.load;

import org.jspecify.annotations.NullMarked;

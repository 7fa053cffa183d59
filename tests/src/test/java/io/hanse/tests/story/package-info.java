/**
 * The demo's story, told by the product itself: real processes from the distribution's {@code lib} folder, looked at from
 * outside. Nothing here calls the product's classes; it knows files, sockets, process ids and the command line. Waits are
 * on conditions with deadlines of minutes, because the machine may be busy.
 */
@NullMarked
package io.hanse.tests.story;

import org.jspecify.annotations.NullMarked;

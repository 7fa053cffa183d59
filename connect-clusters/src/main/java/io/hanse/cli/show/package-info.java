/**
 * How things look in a terminal: tables, relative times, colour, JSON documents, errors in three parts.
 *
 * <p>The only room that writes to the standard streams. Main thread. Absent on purpose: any knowledge of where the
 * values came from, so that every table has a golden file.
 */
@NullMarked
package io.hanse.cli.show;

import org.jspecify.annotations.NullMarked;

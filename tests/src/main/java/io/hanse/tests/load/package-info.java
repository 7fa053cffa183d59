/**
 * A load driver: how much a call through the product costs against a direct one. {@code tests/bin/load} runs it; nothing
 * here passes or fails by a timing. It knows the product's files and listeners, not its classes.
 */
@NullMarked
package io.hanse.tests.load;

import org.jspecify.annotations.NullMarked;

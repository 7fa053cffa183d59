/**
 * What operators see of the registry: the control API's routes and the meters. Reads the other packages' doors, changes
 * nothing. Handlers run on virtual threads. JSON shapes are the records here; README.md lists the paths.
 */
@NullMarked
package io.hanse.registry.api;

import org.jspecify.annotations.NullMarked;

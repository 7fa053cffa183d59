/**
 * The control API: HTTP and JSON over a Unix socket that only the operator's own user can open.
 *
 * <p>Each feature registers its routes while it is wired; handlers run on virtual threads and may block. Standards: RFC
 * 9112, RFC 9457 (problem documents), RFC 8259. Absent on purpose: TCP, authentication by token, streaming.
 */
@NullMarked
package io.hanse.runtime.control;

import org.jspecify.annotations.NullMarked;

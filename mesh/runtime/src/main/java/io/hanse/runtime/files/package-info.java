/**
 * What survives a restart: files replaced whole, journals of lines, the lock that keeps a second process out, and the mark
 * that tells when older state was put back.
 *
 * <p>Any thread that may block may call; a caller that writes one path from several threads orders them itself. Every
 * write is fsynced before the call returns. Absent on purpose: encryption (the owner of the content does that), SQL.
 */
@NullMarked
package io.hanse.runtime.files;

import org.jspecify.annotations.NullMarked;

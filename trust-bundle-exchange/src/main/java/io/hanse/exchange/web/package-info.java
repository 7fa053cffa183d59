/**
 * What both ends of a bundle endpoint share: the TLS they speak, the URLs they may have, the bytes they carry
 * (SPIFFE Federation 5). Pure values, any thread; called by every room of this process. Absent on purpose: sockets.
 */
@NullMarked
package io.hanse.exchange.web;

import org.jspecify.annotations.NullMarked;

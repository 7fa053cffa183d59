/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.reason;

/** One reason code per way a call can end. The name is the wire form; never rename one, only add. */
public enum ReasonCode {
    OK("the call went through"),

    // Identity
    NO_CLIENT_CERTIFICATE("the peer showed no certificate"),
    CERTIFICATE_MALFORMED("a certificate could not be read"),
    CERTIFICATE_EXPIRED("the leaf has expired"),
    CERTIFICATE_NOT_YET_VALID("the leaf is not valid yet; clocks may differ"),
    CERTIFICATE_AUTHORITY_EXPIRED("a signing certificate of the path has expired"),
    CERTIFICATE_AUTHORITY_NOT_YET_VALID("a signing certificate of the path is not valid yet; clocks may differ"),
    CERTIFICATE_AUTHORITY_INVALID("a certificate of the path may not sign SVIDs (X509-SVID 3.2, 4.1, 4.3)"),
    CERTIFICATE_CHAIN_TOO_LARGE("the chain has more certificates or bytes than are looked at"),
    CERTIFICATE_CHAIN_BROKEN("the chain does not lead to an authority of the trust domain that the ID names"),
    CERTIFICATE_IS_AUTHORITY("a signing certificate was used to authenticate (X509-SVID 3.2, 5.2)"),
    CERTIFICATE_MAY_SIGN("the leaf's key usage has keyCertSign or cRLSign (X509-SVID 4.3, 5.2)"),
    CERTIFICATE_KEY_USAGE("the leaf's key usage is absent, not critical or lacks digitalSignature (X509-SVID 4.3)"),
    CERTIFICATE_EXTENDED_KEY_USAGE("the leaf's extended key usage lacks serverAuth or clientAuth (X509-SVID 4.4)"),
    CERTIFICATE_KEY_WEAK("a key of the path is of a kind or size that is not accepted"),
    CERTIFICATE_SIGNATURE_WEAK("a signature of the path is of a kind that is not accepted"),
    SPIFFE_ID_MISSING("the leaf carries no SPIFFE ID"),
    SPIFFE_ID_SCHEME("the leaf's URI has another scheme than spiffe (X509-SVID 5.2)"),
    SPIFFE_ID_MALFORMED("the leaf's URI is not a SPIFFE ID"),
    SPIFFE_ID_AMBIGUOUS("the leaf carries more than one URI (X509-SVID 2)"),
    SPIFFE_ID_ROOT("the leaf's SPIFFE ID has no path (X509-SVID 3.1)"),
    TRUST_DOMAIN_UNKNOWN("there is no bundle for the trust domain that the ID names"),
    IDENTITY_UNEXPECTED("the peer proved an identity, but not the one this call is for"),
    IDENTITY_NOT_READY("this side has no valid SVID for the workload yet"),

    // JWT-SVID
    TOKEN_MALFORMED("the token is not a JWS in compact form (JWT-SVID 1)"),
    TOKEN_HEADER("the token's header holds what JWT-SVID 2 forbids"),
    TOKEN_ALGORITHM("the token's algorithm is not one of JWT-SVID 2.1"),
    TOKEN_KEY_UNKNOWN("no key of the trust domain has the token's key id"),
    TOKEN_SIGNATURE("the token's signature does not verify"),
    TOKEN_CLAIMS("a claim that JWT-SVID 3 requires is missing or malformed"),
    TOKEN_AUDIENCE("the token is meant for another audience (JWT-SVID 3.2)"),
    TOKEN_EXPIRED("the token has expired (JWT-SVID 3.3)"),

    // Policy
    DENIED_BY_POLICY("an authorization policy refuses this caller"),
    POLICY_MISSING("a policy named on the workload has not arrived; refused until it does"),
    PLAINTEXT_REFUSED("the workload takes mutual TLS only"),
    NOT_A_PEER("the caller's trust domain has no live relationship with this cluster"),
    NOT_EXPORTED("the service is not exported to the caller's trust domain"),

    // Supply
    UNKNOWN_SERVICE("no service of that name is known here"),
    NO_ENDPOINT("the service has no endpoint"),
    NO_HEALTHY_ENDPOINT("every endpoint of the service failed lately"),
    WRONG_DESTINATION("the address asked for does not belong to this proxy"),
    UPSTREAM_CONNECT_FAILED("the workload did not accept the connection"),
    PEER_UNREACHABLE("the other proxy or gateway did not accept the connection"),
    TLS_HANDSHAKE_FAILED("the TLS handshake failed"),
    HANDSHAKE_TIMEOUT("the TLS or HTTP/2 handshake took too long"),

    // Protocol and limits
    BAD_REQUEST("the request is not a well-formed CONNECT"),
    PROTOCOL_ERROR("the peer broke HTTP/2"),
    LIMIT_EXCEEDED("a limit of this process was reached"),
    STATE_NOT_WRITTEN("a process cannot write its state: its disk is full or read-only"),
    IDLE_TIMEOUT("nothing was heard for too long"),
    DRAINING("this process is shutting down"),
    RESET_BY_CLIENT("the client ended the connection abruptly"),
    RESET_BY_SERVER("the server ended the connection abruptly"),
    TRUST_WITHDRAWN("the peer's trust was withdrawn while the connection was open"),
    INTERNAL_ERROR("a bug in Hanse; please report it");

    private final String meaning;

    ReasonCode(String meaning) {
        this.meaning = meaning;
    }

    /** One clause for people, without a final period. */
    public String meaning() {
        return meaning;
    }
}

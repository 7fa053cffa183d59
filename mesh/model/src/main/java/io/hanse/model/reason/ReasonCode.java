/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.reason;

/**
 * One reason code per way a call, a signature, an invitation or an import can end. The name is the wire form, the same in
 * the answer, the log, the metric and {@code explain}; never rename one, only add. A process that answers with a status of
 * its protocol keeps an enum of the codes it gives, whose names are names of this list.
 */
public enum ReasonCode {
    OK("the call went through"),

    // Identity
    NO_CLIENT_CERTIFICATE("the peer showed no certificate"),
    CERTIFICATE_MALFORMED("a certificate could not be read"),
    CERTIFICATE_EXPIRED("the leaf has expired"),
    CERTIFICATE_NOT_YET_VALID("the leaf is not valid yet; clocks may differ"),
    CERTIFICATE_AUTHORITY_EXPIRED("a signing certificate of the path has expired"),
    CERTIFICATE_AUTHORITY_NOT_YET_VALID("a signing certificate of the path is not valid yet; clocks may differ"),
    CERTIFICATE_AUTHORITY_INVALID("a certificate of the path is no authority: it lacks cA (X509-SVID 4.1)"),
    CERTIFICATE_AUTHORITY_KEY_USAGE(
            "a signing certificate lacks keyCertSign, or does not say so critically (X509-SVID 4.3)"),
    CERTIFICATE_AUTHORITY_ID(
            "a signing certificate's SPIFFE ID has a path or is another trust domain's (X509-SVID 3.2)"),
    CERTIFICATE_CHAIN_TOO_LARGE("the chain has more certificates or bytes than are looked at"),
    CERTIFICATE_CHAIN_BROKEN("the chain does not lead to an authority of the trust domain that the ID names"),
    CERTIFICATE_SIGNATURE("a signature of the path is not by the key of the authority it names (RFC 5280 6.1.3)"),
    CERTIFICATE_PATH_TOO_LONG("the path is longer than a pathLenConstraint allows (RFC 5280 4.2.1.9)"),
    CERTIFICATE_NAME_CONSTRAINT("a name constraint of the path forbids the ID (RFC 5280 4.2.1.10)"),
    CERTIFICATE_EXTENSION_UNKNOWN("a critical extension of the path is not understood (RFC 5280 4.2)"),
    CERTIFICATE_SERIAL("a serial number is not positive or longer than 20 octets (RFC 5280 4.1.2.2)"),
    CERTIFICATE_KEY_NOT_HELD("the peer does not hold the private key of the certificate it shows"),
    CERTIFICATE_IS_AUTHORITY("a signing certificate was used to authenticate (X509-SVID 3.2, 5.2)"),
    CERTIFICATE_MAY_SIGN("the leaf's key usage has keyCertSign or cRLSign (X509-SVID 4.3, 5.2)"),
    CERTIFICATE_KEY_USAGE("the leaf's key usage is absent or not critical (X509-SVID 4.3)"),
    CERTIFICATE_MAY_NOT_AUTHENTICATE("the leaf's key usage lacks digitalSignature (X509-SVID 4.3)"),
    CERTIFICATE_EXTENDED_KEY_USAGE("the leaf's extended key usage lacks serverAuth or clientAuth (X509-SVID 4.4)"),
    CERTIFICATE_KEY_WEAK("a key of the path is of a kind or size that is not accepted"),
    CERTIFICATE_SIGNATURE_WEAK("a signature of the path is of a kind that is not accepted"),
    SPIFFE_ID_MISSING("the leaf carries no SPIFFE ID"),
    SPIFFE_ID_SCHEME("the leaf's URI has another scheme than spiffe (X509-SVID 5.2)"),
    SPIFFE_ID_MALFORMED("the URI has the scheme spiffe and no authority (SPIFFE-ID 2)"),
    SPIFFE_ID_TRUST_DOMAIN(
            "the ID's trust domain is empty or holds what none may: port, userinfo, %, [ (SPIFFE-ID 2.1)"),
    SPIFFE_ID_PATH(
            "the ID's path has an empty or dot segment, a trailing /, a query, a fragment or a % (SPIFFE-ID 2.2)"),
    SPIFFE_ID_TOO_LONG("the ID has more than 2048 bytes, or its trust domain more than 255 (SPIFFE-ID 2.3)"),
    SPIFFE_ID_CASE("the ID's scheme or trust domain is not in lower case (SPIFFE-ID 2.1)"),
    SPIFFE_ID_AMBIGUOUS("the leaf carries more than one URI (X509-SVID 2)"),
    SPIFFE_ID_ROOT("the leaf's SPIFFE ID has no path (X509-SVID 3.1)"),
    TRUST_DOMAIN_UNKNOWN("there is no bundle for the trust domain that the ID names"),
    IDENTITY_UNEXPECTED("the peer proved an identity, but not the one this call is for"),
    IDENTITY_NOT_READY("this side has no valid SVID for the workload yet"),

    // Trust bundle
    BUNDLE_EMPTY("the bundle of the trust domain that the ID names holds no authority: all is revoked (Bundle 4.1.3)"),
    BUNDLE_MALFORMED("the document is not a JWK set (Bundle 4.1)"),
    BUNDLE_WITHOUT_KEYS("the document has no member keys (Bundle 4.1.3)"),
    BUNDLE_MEMBER_REPEATED("the document says a member twice; two readers could see two bundles (Bundle 5.1.1)"),
    BUNDLE_TOO_LARGE("the document has more bytes, keys or levels than are read"),
    BUNDLE_SEQUENCE_MALFORMED("spiffe_sequence is not an integer from 0 to 2^63-1 (Bundle 4.1.1)"),
    BUNDLE_HINT_MALFORMED("spiffe_refresh_hint is not a number of seconds from 0 to 2^63-1 (Bundle 4.1.2)"),
    BUNDLE_KEY_MALFORMED("a key of known type and use cannot be read (RFC 7517 4.7, RFC 7518 6)"),
    BUNDLE_KEY_REPEATED("two JWT keys have one kid (RFC 7517 4.5)"),
    BUNDLE_KEY_PRIVATE("a key holds its private half; whoever published it must replace it"),
    BUNDLE_FOREIGN("every authority in the bundle names another trust domain (Bundle 3)"),
    BUNDLE_ROLLED_BACK("the bundle's sequence is lower than that of the one held (Bundle 4.1.1, Federation 4.2)"),
    BUNDLE_SEQUENCE_REUSED("the bundle has other keys under the same sequence (Bundle 4.1.1); taken and reported"),

    // JWT-SVID
    TOKEN_MALFORMED("the token is not a JWS in compact form (JWT-SVID 1)"),
    TOKEN_TOO_LARGE("the token is longer than any JWT-SVID"),
    TOKEN_MEMBER_REPEATED("the token says a header or claim twice (RFC 7519 4)"),
    TOKEN_HEADER("the token's header holds more than alg, kid and typ (JWT-SVID 2)"),
    TOKEN_TYPE("the token's typ is neither JWT nor JOSE (JWT-SVID 2.3)"),
    TOKEN_ALGORITHM("the token's algorithm is not one of JWT-SVID 2.1"),
    TOKEN_KEY_MISSING("the token names no key (JWT-SVID 2.2)"),
    TOKEN_KEY_UNKNOWN("no key of the trust domain has the token's key id (JWT-SVID 6.2)"),
    TOKEN_KEY_MISMATCH("the token's algorithm is not one of its key's (JWT-SVID 2.1)"),
    TOKEN_SIGNATURE("the token's signature does not verify"),
    TOKEN_CLAIMS("a claim is of another type than RFC 7519 4.1 gives it"),
    TOKEN_SUBJECT("the token's sub is not the SPIFFE ID of a workload (JWT-SVID 3.1)"),
    TOKEN_AUDIENCE_MISSING("the token is meant for nobody (JWT-SVID 3.2)"),
    TOKEN_AUDIENCE("the token is meant for another audience (JWT-SVID 3.2)"),
    TOKEN_EXPIRY_MISSING("the token does not expire (JWT-SVID 3.3)"),
    TOKEN_EXPIRED("the token has expired (JWT-SVID 3.3)"),
    TOKEN_NOT_YET_VALID("the token is not valid yet, or was made in the future; clocks may differ (RFC 7519 4.1.5)"),
    TOKEN_LIFETIME("the token would be good for longer than any JWT-SVID may be"),

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
    BAD_REQUEST("the request is malformed"),
    PROTOCOL_ERROR("the peer broke HTTP/2"),
    LIMIT_EXCEEDED("a limit of this process was reached"),
    STATE_NOT_WRITTEN("a process cannot write its state: its disk is full or read-only"),
    IDLE_TIMEOUT("nothing was heard for too long"),
    DRAINING("this process is shutting down"),
    RESET_BY_CLIENT("the client ended the connection abruptly"),
    RESET_BY_SERVER("the server ended the connection abruptly"),
    TRUST_WITHDRAWN("the peer's trust was withdrawn while the connection was open"),

    // Joining and signing, at spiffe-ca
    NO_CREDENTIAL("the call carries neither an SVID nor a join token"),
    SVID_NO_LONGER_VALID("the SVID that the connection began with is refused now"),
    JOIN_TOKEN_UNKNOWN("the join token is not known here; it may belong to another cluster or be long used"),
    JOIN_TOKEN_USED("the join token was used before"),
    JOIN_TOKEN_EXPIRED("the join token has expired"),
    FOREIGN_TRUST_DOMAIN("the identity is not of this authority's trust domain"),
    NOT_REGISTERED_HERE("the workload is not registered on the node that asks"),
    NOT_A_NODE("only a node asks for another identity than its own"),
    RESERVED_IDENTITY("the identity is one of Hanse's own processes; they join with a token"),
    WORKLOAD_RENEWAL("a workload's SVID is renewed by its node, as long as it is registered there"),
    NODE_BANNED("the node is banned; an operator can lift the ban"),
    IDENTITY_MALFORMED("the identity asked for is not the SPIFFE ID of a workload"),
    CSR_TOO_LARGE("the certification request is longer than any"),
    CSR_MALFORMED("the certification request is not one PEM block of PKCS#10 (RFC 2986, RFC 7468)"),
    CSR_ALGORITHM("the certification request is signed with an algorithm that is not accepted"),
    CSR_SIGNATURE("the certification request is not signed by the key it names: no proof of possession (RFC 2986 3)"),
    CSR_KEY_WEAK("the key in the certification request is of a kind or size that is not accepted"),
    AUDIENCE_MALFORMED("the audience asked for is empty or too long (JWT-SVID 3.2)"),
    HEADER_MISSING("the call lacks workload.spiffe.io: true (Workload Endpoint 3)"),
    REGISTRY_UNHEARD("the registry was not heard yet; what runs on the node is not known"),
    RATE_LIMIT("this caller asks too often"),
    CONCURRENCY_LIMIT("too many signatures are in the making"),
    STREAM_LIMIT("this caller has too many streams open"),

    // Invitations and relationships, at trust-bundle-exchange
    INVITATION_INCOMPLETE("the end of the invitation's text is missing"),
    INVITATION_VERSION("the invitation was made by a version of Hanse that this one does not understand"),
    INVITATION_MALFORMED("the invitation does not say what an invitation says"),
    INVITATION_ALTERED("the invitation is not as it was made: its checksum or fingerprint does not match"),
    INVITATION_UNPROVED("the secret of the invitation was not proved"),
    INVITATION_USED("the invitation was used before"),
    INVITATION_EXPIRED("the invitation has expired"),
    INVITATION_SELF("the invitation was made by this cluster itself"),
    INVITATION_UNKNOWN("the inviting cluster does not know the invitation"),
    INVITATION_FOR_ANOTHER("the invitation was made for another cluster"),
    ALREADY_CONNECTED("the clusters are connected already"),
    BUNDLE_MISMATCH("the other cluster's bundle is not the one invited with"),
    ENDPOINT_UNREACHABLE("the other cluster's bundle endpoint cannot be reached"),
    ENDPOINT_REDIRECTED("the bundle endpoint redirects where none may be, or too often (Federation 5.2.1.3, 5.2.2.3)"),
    ENDPOINT_NOT_VERIFIED("behind the other cluster's address is somebody who is not its exchange"),
    ANSWER_LOST("the other cluster's answer did not arrive"),
    TRUST_DOMAIN_CLAIMED("the trust domain belongs to somebody else"),
    CLUSTER_NAME_CLAIMED("the cluster name belongs to somebody else"),
    CLOCK("the clocks of the clusters differ"),
    TOO_MANY_INVITATIONS("too many invitations are open"),
    TOO_MANY_RELATIONSHIPS("there are too many relationships"),
    TOO_MANY_REQUESTS("this cluster has been asked too often"),
    TOO_LARGE("what was sent is larger than it may be"),
    NOT_READY("this cluster has no bundle of its own yet"),
    UNKNOWN_RELATIONSHIP("there is no such relationship"),
    TOKEN_REFUSED("the caller's token proves nothing"),
    REFUSED_BY_PEER("the other cluster refused and did not say why"),

    // What a peer's registry tells, at cluster-registry
    IMPORT_TYPE(
            "the peer told something that peers have no say in: a policy, or a type of resource that is not an address"),
    IMPORT_MALFORMED("the peer told a resource that cannot be read or contradicts itself"),
    IMPORT_TOO_LARGE("the peer's resource or its name is larger than any"),
    IMPORT_TOO_MANY("the peer told more resources or bytes than are kept of one peer"),
    IMPORT_TRUST_DOMAIN("the peer claims a workload of another trust domain than its own"),
    IMPORT_RESERVED_IDENTITY("the peer claims an identity of Hanse's own processes"),
    IMPORT_IDENTITY_MALFORMED("the peer's workload has no SPIFFE ID (SPIFFE-ID 2.2)"),
    IMPORT_NOT_EXPORTED("the peer's workload serves a service that the peer does not export"),
    IMPORT_ADDRESS(
            "the peer claims addresses, a network, a gateway or a node; its endpoints are behind its own gateways"),
    IMPORT_POLICY("the peer says what policies or duties apply; that is for each cluster to say of its own"),
    IMPORT_PORT("the peer's workload serves at a port that is none"),
    IMPORT_WEIGHT("the peer gives a workload more weight than any may have"),

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

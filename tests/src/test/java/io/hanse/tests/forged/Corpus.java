/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.forged;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every forgery there is. */
final class Corpus {

    static final List<Forgery<CertificateForgeries.Mutation>> CERTIFICATES = certificates();
    static final List<Forgery<TokenForgeries.Token>> TOKENS = TokenForgeries.all();
    static final List<Forgery<BundleForgeries.Answer>> BUNDLES = BundleForgeries.all();
    static final List<Forgery<InvitationForgeries.Text>> INVITATIONS = InvitationForgeries.all();
    static final List<Forgery<AcceptForgeries.Request>> ACCEPTS = AcceptForgeries.all();
    static final List<Forgery<RequestForgeries.Call>> REQUESTS = RequestForgeries.all();

    private Corpus() {}

    static List<Forgery<?>> all() {
        return Stream.<List<? extends Forgery<?>>>of(CERTIFICATES, TOKENS, BUNDLES, INVITATIONS, ACCEPTS, REQUESTS)
                .<Forgery<?>>flatMap(List::stream)
                .toList();
    }

    private static List<Forgery<CertificateForgeries.Mutation>> certificates() {
        List<Forgery<CertificateForgeries.Mutation>> all = new ArrayList<>(CertificateForgeries.all());
        all.addAll(PathForgeries.all());
        return List.copyOf(all);
    }
}

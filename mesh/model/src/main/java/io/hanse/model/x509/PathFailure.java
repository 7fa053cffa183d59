/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.model.x509;

import io.hanse.model.reason.ReasonCode;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.PKIXReason;

/** What the JDK's path validation found, as a reason code. */
final class PathFailure {

    private PathFailure() {}

    static ReasonCode reasonOf(CertPathValidatorException failure) {
        CertPathValidatorException.Reason reason = failure.getReason();
        if (reason == BasicReason.INVALID_SIGNATURE) {
            return ReasonCode.CERTIFICATE_SIGNATURE;
        }
        if (reason == BasicReason.ALGORITHM_CONSTRAINED) {
            return ReasonCode.CERTIFICATE_SIGNATURE_WEAK;
        }
        if (reason == PKIXReason.PATH_TOO_LONG) {
            return ReasonCode.CERTIFICATE_PATH_TOO_LONG;
        }
        if (reason == PKIXReason.INVALID_NAME) {
            return ReasonCode.CERTIFICATE_NAME_CONSTRAINT;
        }
        if (reason == PKIXReason.UNRECOGNIZED_CRIT_EXT) {
            return ReasonCode.CERTIFICATE_EXTENSION_UNKNOWN;
        }
        return ReasonCode.CERTIFICATE_CHAIN_BROKEN;
    }
}

/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Habits that keep every room alike (shared/reference/aesthetics.md, section 4.4). */
final class HouseRulesTest {

    @Test
    @DisplayName("R8 time, sleep and threads come from the runtime's time and process rooms")
    void timeAndThreadsAreInjected() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.hanse.runtime.time..",
                        "io.hanse.runtime.process..",
                        "io.hanse.runtime.control..",
                        "io.hanse.cli.time..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executors.class)
                .because("a test cannot turn a clock that the code reads by itself: take InstantSource and Scheduler")
                .check(House.classes());
    }

    @Test
    @DisplayName("R9 standard streams belong to the command line; nobody uses java.util.logging, one class silences it")
    void standardStreamsBelongToTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.hanse.cli.show..", "io.hanse.runtime.process..")
                .and()
                .doNotHaveFullyQualifiedName("io.hanse.runtime.telemetry.LibraryLog")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.util.logging..")
                .check(House.classes());
    }

    @Test
    @DisplayName("R11 records hold no arrays; classes are final unless sealed or abstract")
    void recordsHoldNoArrays() {
        classes()
                .that(are("records", JavaClass::isRecord))
                .should(new ArchCondition<>("hold no array") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        for (JavaField field : type.getFields()) {
                            if (!field.getModifiers().contains(JavaModifier.STATIC)
                                    && field.getRawType().isArray()) {
                                events.add(SimpleConditionEvent.violated(field, field.getDescription()));
                            }
                        }
                    }
                })
                .because("an array in a record can be changed behind it and compares by identity")
                .check(House.classes());
        classes()
                .that(are(
                        "top-level concrete classes",
                        type -> type.isTopLevelClass()
                                && !type.isInterface()
                                && !type.isEnum()
                                && !type.isRecord()
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT)
                                && !type.getSimpleName().equals("package-info")))
                .should()
                .haveModifier(JavaModifier.FINAL)
                .because("share by composition")
                .check(House.classes());
    }

    @Test
    @DisplayName("R12 no name that says nothing")
    void namesSaySomething() {
        noClasses()
                .should()
                // JSSE's own words may stand: an X509TrustManager is what it is.
                .haveNameMatching(".*(Impl|Utils?|Helper|(?<!Trust|Key)Manager|Base|Misc)$")
                .orShould()
                .resideInAnyPackage("..util..", "..common..", "..misc..", "..internal..", "..helper..")
                .check(House.classes());
    }

    @Test
    @DisplayName("R4 private keys appear only where SVIDs and authorities live")
    void privateKeysStayAtHome() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.hanse.ca..",
                        "io.hanse.transport.tls..",
                        "io.hanse.runtime.svid..",
                        "io.hanse.runtime.grpc..",
                        "io.hanse.proxy.identity..",
                        // Hands a workload its own key over its own socket (Workload API 5.2.1).
                        "io.hanse.proxy.workloadapi..",
                        "io.hanse.exchange.publish..",
                        "io.hanse.cli.demo..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.PrivateKey")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.security.KeyPair")
                .because("no private key leaves the place that made it (design invariant 2)")
                .check(House.classes());
    }

    private static DescribedPredicate<JavaClass> are(
            String description, java.util.function.Predicate<JavaClass> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }
}

/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom (docs/ARCHITECTURE.md, the picture of the modules). */
final class ModuleArrowsTest {

    @Test
    @DisplayName("R1 no arrow between two processes, and every arrow points down")
    void arrowsPointDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.hanse..")
                .withOptionalLayers(true)
                .layer("model")
                .definedBy("io.hanse.model..")
                .layer("wire")
                .definedBy("io.hanse.wire..")
                .layer("transport")
                .definedBy("io.hanse.transport..")
                .layer("runtime")
                .definedBy("io.hanse.runtime..")
                .layer("ca")
                .definedBy("io.hanse.ca..")
                .layer("exchange")
                .definedBy("io.hanse.exchange..")
                .layer("registry")
                .definedBy("io.hanse.registry..")
                .layer("gateway")
                .definedBy("io.hanse.gateway..")
                .layer("proxy")
                .definedBy("io.hanse.proxy..")
                .layer("cli")
                .definedBy("io.hanse.cli..")
                .layer("deploy")
                .definedBy("io.hanse.deploy..")
                .whereLayer("model")
                .mayNotAccessAnyLayer()
                .whereLayer("wire")
                .mayNotAccessAnyLayer()
                .whereLayer("transport")
                .mayOnlyAccessLayers("model")
                .whereLayer("runtime")
                .mayOnlyAccessLayers("model", "wire", "transport")
                .whereLayer("ca")
                .mayOnlyAccessLayers("model", "wire", "transport", "runtime")
                .whereLayer("exchange")
                .mayOnlyAccessLayers("model", "wire", "transport", "runtime")
                .whereLayer("registry")
                .mayOnlyAccessLayers("model", "wire", "transport", "runtime")
                .whereLayer("gateway")
                .mayOnlyAccessLayers("model", "wire", "transport", "runtime")
                .whereLayer("proxy")
                .mayOnlyAccessLayers("model", "wire", "transport", "runtime")
                .whereLayer("cli")
                .mayOnlyAccessLayers("model")
                .whereLayer("deploy")
                .mayOnlyAccessLayers("model", "runtime", "ca", "exchange", "registry")
                .because("processes meet on the wire, and what two of them need lives below both")
                .check(House.classes());
    }

    @ParameterizedTest(name = "R2 the packages of {0} have no cycle")
    @ValueSource(
            strings = {
                "model",
                "transport",
                "runtime",
                "ca",
                "exchange",
                "registry",
                "gateway",
                "proxy",
                "cli",
                "deploy"
            })
    void packagesHaveNoCycle(String module) {
        slices().matching("io.hanse." + module + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("a feature that needs another must say which of the two is the lower one")
                .allowEmptyShould(true)
                .check(House.classes());
    }

    @Test
    @DisplayName("R3 the model is pure: no I/O, no executor, no logger, no clock of its own")
    void modelIsPure() {
        classes()
                .that()
                .resideInAPackage("io.hanse.model..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.hanse.model..",
                        "java.lang..",
                        "java.util",
                        "java.util.function..",
                        "java.util.stream..",
                        "java.util.regex..",
                        "java.time..",
                        "java.math..",
                        "java.net",
                        "java.nio..",
                        "java.security..",
                        "java.io",
                        "javax.security.auth.x500..",
                        "org.jspecify..",
                        "com.fasterxml.jackson.core..")
                .because("both ends of a wire judge with it, on any thread, in any simulation")
                .check(House.classes());
        noClasses()
                .that()
                .resideInAPackage("io.hanse.model..")
                .and()
                .resideOutsideOfPackage("io.hanse.model.bundle..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..")
                .because("the JSON reader is confined to the bundle's room (ADR 3)")
                .check(House.classes());
    }

    @Test
    @DisplayName("R14 each library has its rooms")
    void librariesAreConfined() {
        confine("com.hazelcast..", "io.hanse.registry.replica..");
        confine("com.nimbusds..", "io.hanse.ca..", "io.hanse.exchange..", "io.hanse.runtime.svid..");
        confine("picocli..", "io.hanse.cli..");
        confine("org.snakeyaml..", "io.hanse.runtime.config..", "io.hanse.cli.directory..");
        confine(
                "io.micrometer..",
                "io.hanse.runtime..",
                "io.hanse.ca..",
                "io.hanse.exchange..",
                "io.hanse.registry..",
                "io.hanse.gateway..",
                "io.hanse.proxy..");
    }

    private static void confine(String library, String... rooms) {
        noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because("a library that spreads cannot be replaced")
                .check(House.classes());
    }

    @Test
    @DisplayName("R15 the rules saw the whole product")
    void sawTheWholeProduct() {
        assertThat(House.classes().size()).isGreaterThan(300);
        for (String module :
                new String[] {"model", "transport", "runtime", "ca", "exchange", "registry", "gateway", "proxy", "cli"
                }) {
            assertThat(House.classes().containPackage("io.hanse." + module))
                    .as("classes of %s were imported", module)
                    .isTrue();
        }
    }
}

/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What the rules look at: every main class of the product, and every tracked source file. */
final class House {

    static final String ROOT = "io.hanse";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("/test-classes"))
            .importPackages(ROOT)
            .that(DescribedPredicate.describe(
                    "of the product",
                    type -> !type.getPackageName().startsWith(ROOT + ".tests")
                            && !type.getPackageName().startsWith(ROOT + ".wire")));

    private House() {}

    static JavaClasses classes() {
        return CLASSES;
    }

    /** The folder of the checkout. */
    static Path checkout() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("cluster-registry"))) {
                return folder;
            }
        }
        throw new IllegalStateException("this test runs outside of a checkout");
    }

    /** Every Java source file below a {@code src} folder. */
    static List<Path> sources(String kind) {
        try (Stream<Path> files = Files.walk(checkout())) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/" + kind + "/java/"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> linesOf(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.architecture;

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
            .importPackages(ROOT)
            .that(new com.tngtech.archunit.base.DescribedPredicate<>("of the product") {
                @Override
                public boolean test(com.tngtech.archunit.core.domain.JavaClass type) {
                    return !type.getPackageName().startsWith(ROOT + ".tests")
                            && !type.getPackageName().startsWith(ROOT + ".wire");
                }
            });

    private House() {}

    static JavaClasses classes() {
        return CLASSES;
    }

    /** The folder of the checkout. */
    static Path checkout() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("cluster-registry"))) {
            folder = folder.getParent();
        }
        return folder;
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

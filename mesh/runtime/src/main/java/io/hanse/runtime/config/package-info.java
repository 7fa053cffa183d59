/**
 * Configuration: one YAML file read into validated records, every problem in one report with file, line and column.
 *
 * <p>Callers: the process shell, each role's own config record, and the registry's manifest source (for {@link
 * io.hanse.runtime.config.YamlNode} alone). Runs on the thread of the caller, before anything listens. Standard: YAML
 * 1.2, JSON schema. Absent on purpose: environment overrides, includes, templates, custom tags.
 */
@NullMarked
package io.hanse.runtime.config;

import org.jspecify.annotations.NullMarked;

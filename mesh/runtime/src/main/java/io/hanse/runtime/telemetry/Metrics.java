/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.runtime.telemetry;

import com.sun.management.ThreadMXBean;
import io.hanse.transport.hbone.EventLoops;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.netty4.NettyAllocatorMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of one process and their text for Prometheus. A meter registered with other labels than before throws. */
public final class Metrics implements AutoCloseable {

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();

    /** A registry with the meters of the JVM. */
    public Metrics() {
        registry.throwExceptionOnRegistrationFailure();
        registry.config().meterFilter(new SameLabels());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        garbage.bindTo(registry);
        new NettyAllocatorMetrics(EventLoops.BUFFERS).bindTo(registry);
        Logs.count(registry);
        if (ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads) {
            FunctionCounter.builder("jvm.allocated", threads, ThreadMXBean::getTotalThreadAllocatedBytes)
                    .description("Bytes of heap that all threads have asked for so far")
                    .baseUnit("bytes")
                    .register(registry);
        }
    }

    /** Where a role registers its meters; each of them carries the label {@code role}. */
    public MeterRegistry of(String role) {
        CompositeMeterRegistry labelled = new CompositeMeterRegistry();
        labelled.config().commonTags("role", role);
        labelled.add(registry);
        return labelled;
    }

    /** All meters in Prometheus's text form. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }

    /** A metric always carries the same labels; the Prometheus registry itself would take others. */
    private static final class SameLabels implements MeterFilter {

        private final Map<String, List<String>> labels = new ConcurrentHashMap<>();

        @Override
        public MeterFilterReply accept(Meter.Id id) {
            List<String> given = id.getTags().stream().map(Tag::getKey).sorted().toList();
            List<String> known = labels.computeIfAbsent(id.getName(), name -> given);
            if (!known.equals(given)) {
                throw new IllegalArgumentException(
                        "labels of %s: %s (expected: %s)".formatted(id.getName(), given, known));
            }
            return MeterFilterReply.NEUTRAL;
        }
    }
}

/*
 * Copyright 2026 The Hanse Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.hanse.tests.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Formatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The result for people, and for programs. */
final class Report {

    private static final String DIRECT = "direct";
    private static final String YARDSTICK = "haproxy pair";
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    private Report() {}

    static String table(Measured measured) {
        StringBuilder text = new StringBuilder();
        try (Formatter out = new Formatter(text, Locale.ROOT)) {
            out.format(
                    "%-6s %-13s %10s %8s %8s %8s %7s %8s %9s %8s %9s %10s %7s%n",
                    "LOAD",
                    "WAY",
                    "RATE",
                    "P50 us",
                    "P99 us",
                    "P99.9 us",
                    "FAILED",
                    "CPU",
                    "ALLOC",
                    ":direct",
                    ":haproxy",
                    "p99:haprx",
                    "DRIVER");
            measured.figures().forEach((cell, figure) -> line(out, measured.figures(), cell, figure));
            out.format("""

                    CPU: of the proxies on the way, us for a request or connection, s for a GB. ALLOC: heap that they asked for, \
                    bytes for one, MB for a GB.
                    DRIVER: part of a core the driver used. Ratios are of rates, the last of p99. Driver, backend and all \
                    processes share this machine's %d cores.

                    """, Runtime.getRuntime().availableProcessors());
            out.format(
                    "%-24s %8s %8s %9s %9s %9s %14s%n",
                    "PROCESS", "START s", "THREADS", "IDLE CPU", "IDLE MB", "LOAD MB", "MB/1000 idle");
            for (Measured.ProcessFacts each : measured.processes()) {
                out.format(
                        "%-24s %8s %8d %8.1f%% %9.0f %9.0f %14s%n",
                        each.name(),
                        known(each.startSeconds(), "%.2f"),
                        each.threads(),
                        each.idleCpu() * 100,
                        each.idleMegabytes(),
                        each.loadMegabytes(),
                        known(each.perThousandIdle(), "%.1f"));
            }
        }
        return text.toString();
    }

    private static void line(Formatter out, Map<Measured.Cell, Figures> all, Measured.Cell cell, Figures figure) {
        boolean bulk = cell.kind().shape().isBulk();
        out.format(
                "%-6s %-13s " + (bulk ? "%10.3f" : "%10.0f") + " %8s %8s %8s %7d %8s %9s %8s %9s %10s %6.0f%%%n",
                cell.kind().name(),
                cell.way(),
                figure.rate(),
                bulk ? "-" : "%.0f".formatted(figure.p50()),
                bulk ? "-" : "%.0f".formatted(figure.p99()),
                bulk ? "-" : "%.0f".formatted(figure.p999()),
                figure.failed(),
                bulk ? "%.2f".formatted(figure.proxyCpu()) : "%.1f".formatted(figure.proxyCpu() * MICROS_PER_SECOND),
                bulk
                        ? "%.1fMB".formatted(figure.allocated() / BYTES_PER_MEGABYTE)
                        : "%.0f".formatted(figure.allocated()),
                ratio(rate(all, cell, DIRECT).map(base -> figure.rate() / base)),
                ratio(rate(all, cell, YARDSTICK).map(base -> figure.rate() / base)),
                bulk ? "-" : ratio(at(all, cell, YARDSTICK).map(base -> figure.p99() / base.p99())),
                figure.driverBusy() * 100);
    }

    private static Optional<Figures> at(Map<Measured.Cell, Figures> all, Measured.Cell cell, String way) {
        return Optional.ofNullable(all.get(new Measured.Cell(cell.kind(), way)));
    }

    private static Optional<Double> rate(Map<Measured.Cell, Figures> all, Measured.Cell cell, String way) {
        return at(all, cell, way).map(Figures::rate).filter(rate -> rate > 0);
    }

    private static String ratio(Optional<Double> ratio) {
        return ratio.map(known -> String.format(Locale.ROOT, "%.2f", known)).orElse("-");
    }

    private static String known(double value, String format) {
        return value < 0 ? "-" : String.format(Locale.ROOT, format, value);
    }

    static String json(Measured measured) {
        ObjectNode document = new ObjectMapper().createObjectNode().put("version", 2);
        ArrayNode cells = document.putArray("measurements");
        measured.figures().forEach((cell, figure) -> {
            ObjectNode node = cells.addObject()
                    .put("load", cell.kind().name())
                    .put("way", cell.way())
                    .put("connections", cell.kind().connections())
                    .put("rate", figure.rate())
                    .put("unit", cell.kind().shape().unit())
                    .put("p50Micros", figure.p50())
                    .put("p99Micros", figure.p99())
                    .put("p999Micros", figure.p999())
                    .put("failed", figure.failed())
                    .put("proxyCpuSecondsPerUnit", figure.proxyCpu())
                    .put("allocatedBytesPerUnit", figure.allocated())
                    .put("driverBusy", figure.driverBusy());
            rate(measured.figures(), cell, DIRECT).ifPresent(base -> node.put("toDirect", figure.rate() / base));
            rate(measured.figures(), cell, YARDSTICK).ifPresent(base -> node.put("toHaproxy", figure.rate() / base));
        });
        ArrayNode processes = document.putArray("processes");
        for (Measured.ProcessFacts each : measured.processes()) {
            processes
                    .addObject()
                    .put("name", each.name())
                    .put("startSeconds", each.startSeconds())
                    .put("threads", each.threads())
                    .put("idleCpu", each.idleCpu())
                    .put("idleMegabytes", each.idleMegabytes())
                    .put("loadMegabytes", each.loadMegabytes())
                    .put("perThousandIdleMegabytes", each.perThousandIdle());
        }
        return document.toPrettyString() + "\n";
    }
}

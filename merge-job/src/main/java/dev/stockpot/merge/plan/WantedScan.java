package dev.stockpot.merge.plan;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.ScanScope;

/**
 * A scan that must be done before a work can go on.
 *
 * @param scope what it is of: what is found there is added up
 */
public record WantedScan(Scan scan, ScanScope scope) {
  public WantedScan {
    requireNonNull(scan, "scan is null");
    requireNonNull(scope, "scope is null");
  }
}

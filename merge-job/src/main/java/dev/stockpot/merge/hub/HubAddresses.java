package dev.stockpot.merge.hub;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.WaitingCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Addresses that a hub gave for files, as long as they are of use. */
final class HubAddresses {
  /** They live for an hour or so. */
  private static final Duration OLD = Duration.ofMinutes(30);

  private final HubApi api;
  private final Snapshots snapshots;
  private final Map<Location, Signed> signed = new ConcurrentHashMap<>();

  /** An address, and when it was given. */
  private record Signed(SignedLocation address, long nanos) {
    boolean isOlderThan(Duration age) {
      return System.nanoTime() - nanos >= age.toNanos();
    }
  }

  HubAddresses(HubApi api, Snapshots snapshots) {
    this.api = api;
    this.snapshots = snapshots;
  }

  /** Those of one file, of which there is one when this returns. */
  FileAddresses of(Location file) throws IOException {
    address(file, OLD);
    return new FileAddresses() {
      @Override
      public SignedLocation now() throws IOException {
        return address(file, OLD);
      }

      @Override
      public SignedLocation insteadOf(SignedLocation refused) throws IOException {
        return address(file, Duration.ZERO);
      }
    };
  }

  private SignedLocation address(Location file, Duration age) throws IOException {
    Signed known = signed.get(file);
    if (known != null && !known.isOlderThan(age)) {
      return known.address();
    }
    HubPlace place = HubPlace.of(file).orElseThrow();
    SignedLocation address = api.sign(place, snapshots.file(file).orElseThrow());
    signed.put(file, new Signed(address, System.nanoTime()));
    return address;
  }

  /** All that were given, by file. */
  Map<Location, SignedLocation> all() {
    return signed.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, file -> file.getValue().address()));
  }

  /** Asks again for those that are so old. */
  void refresh(Duration age) throws IOException {
    List<Callable<SignedLocation>> old = new ArrayList<>();
    signed.forEach(
        (file, known) -> {
          if (known.isOlderThan(age)) {
            old.add(() -> address(file, age));
          }
        });
    WaitingCalls.results("asking a hub for addresses", old);
  }
}

package dev.stockpot.merge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.ObjectSource;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub on this machine, and one of its models. */
abstract class HubCases {
  static final String MODEL = "org/model";
  static final byte[] WEIGHTS = new byte[1_000_000];

  static {
    new Random(7).nextBytes(WEIGHTS);
  }

  final List<Duration> pauses = new ArrayList<>();
  @TempDir Path folder;
  FakeHub fake;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeHub().file(MODEL, "config.json", "{}").file(MODEL, "model.safetensors", WEIGHTS);
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  static boolean isOfFiles(FakeHub.Request request) {
    return !request.isOfHub();
  }

  Hub hub(String token) {
    return hub(token, Wire.PATIENCE);
  }

  Hub hub(String token, Duration patience) {
    HubAccess access =
        new HubAccess(fake.endpoint(), folder, Optional.empty(), HubToken.of("HF_TOKEN", token));
    return Hub.of(access, true, patience, pauses::add);
  }

  static StoredObject weights(Hub hub) throws IOException {
    return hub.source().find(hub.find(MODEL).folder().child("model.safetensors")).orElseThrow();
  }

  static byte[] read(ObjectSource source, StoredObject object, int begin, int end)
      throws IOException {
    byte[] bytes = new byte[end - begin];
    try (RangeReader reader = source.open(object)) {
      reader.read(begin, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  static byte[] middle() {
    return Arrays.copyOfRange(WEIGHTS, 400_000, 700_000);
  }

  void assertReads(Hub hub) throws IOException {
    assertThat(read(hub.source(), weights(hub), 400_000, 700_000)).isEqualTo(middle());
  }

  /** What travels to tasks, as it arrives where the driver is not. */
  static ObjectSource elsewhere(ObjectSource source) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(source);
    }
    // the name of the driver's source, which no process has then
    byte[] sent = bytes.toByteArray();
    String text = new String(sent, StandardCharsets.ISO_8859_1);
    String name = HubSource.here().stream().filter(text::contains).findFirst().orElseThrow();
    byte[] arrived = text.replace(name, HubSource.newName()).getBytes(StandardCharsets.ISO_8859_1);
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(arrived))) {
      return (ObjectSource) in.readObject();
    }
  }
}

package dev.stockpot.merge.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers are read in the order of the format, and lies in them are refused. */
class GgufFileTest {
  private static final Location FILE = new Location("s3://models/a.gguf");

  private final MemoryStore store = new MemoryStore();

  private GgufFile open(byte[] bytes) throws IOException {
    store.write(FILE, bytes);
    return GgufFile.open(store, FILE);
  }

  private void assertRefused(byte[] bytes, String problem) {
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith(FILE + ": ")
        .hasMessageContaining(problem);
  }

  private static byte[] little(int bytes, long number) {
    byte[] wide = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    return Arrays.copyOf(wide, bytes);
  }

  @Test
  void readsWhatItSays() throws IOException {
    GgufFile file =
        open(
            new GgufBytes()
                .text("general.architecture", "llama")
                .uint32("u", -1)
                .float32("f", 1e-5f)
                .pair("flag", 7, new byte[] {1})
                .pair("signed", 5, little(4, -3))
                .pair("byte", 0, new byte[] {(byte) 200})
                .pair("wide", 10, little(8, 1L << 40))
                .pair("real", 12, little(8, Double.doubleToLongBits(0.25)))
                .texts("words", "a", "ü")
                .bytes());
    assertThat(file.architecture()).contains("llama");
    assertThat(file.whole("u")).hasValue(4_294_967_295L);
    assertThat(file.number("f")).hasValue(1e-5);
    assertThat(file.metadata())
        .containsEntry("flag", true)
        .containsEntry("signed", -3L)
        .containsEntry("byte", 200L)
        .containsEntry("wide", 1L << 40)
        .containsEntry("real", 0.25);
    assertThat(file.texts().get("words")).containsExactly("a", "ü");
    assertThat(file.lengths()).containsEntry("words", 2);
    assertThat(file.text("u")).isEmpty();
    assertThat(file.whole("f")).isEmpty();
    assertThat(file.number("u")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 32, 4096})
  void findsTensorsBehindTheHeader(int alignment) throws IOException {
    byte[] bytes =
        new GgufBytes()
            .uint32("general.alignment", alignment)
            .aligned(alignment)
            .floats("a", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
            .tensor("b", DType.BF16, new byte[] {0, 1, 2, 3}, 2)
            .bytes();
    GgufFile file = open(bytes);
    TensorInfo a = file.tensors().get("a");
    assertThat(a.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(a.dtype()).isEqualTo(DType.F32);
    assertThat(a.bytes().begin() % alignment).isZero();
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
            .getFloat((int) a.bytes().begin() + 20))
        .isEqualTo(6);
    TensorInfo b = file.tensors().get("b");
    assertThat(bytes[(int) b.bytes().begin() + 3]).isEqualTo((byte) 3);
  }

  @Test
  void goesOnBehindVocabulariesLongerThanAWindow() throws IOException {
    String[] tokens = new String[60_000];
    Arrays.fill(tokens, "a token of thirty-two letters...");
    GgufFile file =
        open(
            new GgufBytes()
                .texts("tokenizer.ggml.tokens", tokens)
                .text("last", "here")
                .floats("a", new float[] {1})
                .bytes());
    assertThat(file.text("last")).isEqualTo("here");
    assertThat(file.lengths()).containsEntry("tokenizer.ggml.tokens", 60_000);
    assertThat(file.texts()).isEmpty();
    assertThat(file.tensors().get("a").shape()).isEqualTo(Shape.of());
  }

  @Test
  void skipsTokensThatAreNotUtf8() throws IOException {
    byte[] many = new byte[12 + 300 * 9];
    System.arraycopy(little(4, 8), 0, many, 0, 4);
    System.arraycopy(little(8, 300), 0, many, 4, 8);
    for (int i = 0; i < 300; i++) {
      System.arraycopy(little(8, 1), 0, many, 12 + 9 * i, 8);
      many[12 + 9 * i + 8] = (byte) 0xff;
    }
    assertThat(open(new GgufBytes().pair("t", 9, many).bytes()).lengths()).containsEntry("t", 300);
  }

  @Test
  void refusesAnotherFile() {
    assertRefused(new byte[] {1, 2, 3, 4, 5}, "it does not begin with GGUF");
    assertRefused(new byte[] {'G'}, "it does not begin with GGUF");
  }

  @ParameterizedTest
  @CsvSource({
    "1, it is of version 1",
    "4, it is of version 4",
    "50331648, so its numbers are big-endian",
    "-1, it is of version 4294967295",
  })
  void refusesOtherVersions(int version, String problem) {
    assertRefused(new GgufBytes().version(version).bytes(), problem);
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775807, 0", "-1, 0", "0, 9223372036854775807", "0, -1", "0, 1000"})
  void refusesCountsThatTheFileCannotHold(long tensors, long pairs) {
    assertRefused(
        new GgufBytes().bytes(tensors, pairs),
        "is %s, and ".formatted(Long.toUnsignedString(tensors == 0 ? pairs : tensors)));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MAX_VALUE, 1L << 40, 64})
  void refusesTextsThatEndBehindTheFile(long length) {
    assertRefused(
        new GgufBytes().pair("k", 8, little(8, length)).bytes(),
        "the length of 'k' is " + Long.toUnsignedString(length));
  }

  @Test
  void refusesTextsOfMegabytes() {
    byte[] value = new byte[8 + (2 << 20)];
    System.arraycopy(little(8, 2 << 20), 0, value, 0, 8);
    assertRefused(new GgufBytes().pair("k", 8, value).bytes(), "must be 1048576 at most");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MAX_VALUE, 1L << 33, 1000})
  void refusesListsThatEndBehindTheFile(long length) {
    byte[] value = new byte[12];
    System.arraycopy(little(4, 12), 0, value, 0, 4);
    System.arraycopy(little(8, length), 0, value, 4, 8);
    assertRefused(new GgufBytes().pair("k", 9, value).bytes(), "the length of 'k' is");
  }

  @Test
  void refusesListsOfListsOfLists() {
    ByteBuffer value = ByteBuffer.allocate(12 * 8).order(ByteOrder.LITTLE_ENDIAN);
    while (value.hasRemaining()) {
      value.putInt(9).putLong(1);
    }
    assertRefused(
        new GgufBytes().pair("k", 9, value.array()).bytes(), "'k' has lists of lists of lists");
  }

  @Test
  void refusesTypesThatAreNone() {
    assertRefused(
        new GgufBytes().pair("k", 13, new byte[8]).bytes(), "the type of 'k' is 13, which is none");
    assertRefused(new GgufBytes().pair("k", 7, new byte[] {2}).bytes(), "'k' is 2, must be 0 or 1");
  }

  @Test
  void refusesAKeyTwice() {
    assertRefused(
        new GgufBytes().uint32("k", 1).text("k", "b").bytes(), "'k' is there twice");
  }

  @Test
  void refusesATensorTwice() {
    assertRefused(
        new GgufBytes().floats("a", new float[8], 8).floats("a", new float[8], 8).bytes(),
        "it holds 'a' twice");
  }

  @Test
  void refusesTensorsThatOverlap() {
    assertRefused(
        new GgufBytes()
            .floats("a", new float[16], 16)
            .entry("b", 0, 32, 8)
            .bytes(),
        "'a' (bytes ");
  }

  @Test
  void refusesFiveAxes() {
    assertRefused(
        new GgufBytes().entry("a", 0, 0, 1, 1, 1, 1, 1).bytes(), "'a' has 5 axes, must be 0 to 4");
  }

  @Test
  void refusesShapesThatOverflow() {
    assertRefused(
        new GgufBytes().entry("a", 0, 0, 1L << 62, 4).bytes(), "'a' is of shape [4, 46116860184");
    assertRefused(new GgufBytes().entry("a", 0, 0, -1).bytes(), "'a' is of shape [-1]");
    assertRefused(new GgufBytes().entry("a", 0, 0, 1L << 40).bytes(), "and the file has ");
  }

  @Test
  void refusesAFileThatIsCutShort() {
    byte[] whole = new GgufBytes().floats("a", new float[64], 64).bytes();
    assertRefused(Arrays.copyOf(whole, whole.length - 4), "'a' takes 256 bytes from 0 on");
    assertRefused(
        new GgufBytes().entry("a", 0, Long.MAX_VALUE - 31, 4).bytes(), "it is cut short");
  }

  @ParameterizedTest
  @ValueSource(longs = {4, -32, 33})
  void refusesPlacesBetweenTheUnits(long place) {
    assertRefused(
        new GgufBytes().entry("a", 0, place, 1).bytes(),
        "begins at %s, which is no multiple of 32".formatted(Long.toUnsignedString(place)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 12, 1 << 30, -1})
  void refusesAlignmentsThatAreNone(int alignment) {
    assertRefused(
        new GgufBytes().uint32("general.alignment", alignment).bytes(),
        "general.alignment is %s, must be a power of two"
            .formatted(Integer.toUnsignedString(alignment)));
  }

  @Test
  void refusesQuantisedTensorsAndNamesWhatUndoesThem() {
    assertRefused(
        new GgufBytes()
            .entry("a", 12, 0, 256)
            .entry("b", 2, 0, 32)
            .entry("c", 99, 0, 32)
            .floats("d", new float[1], 1)
            .bytes(),
        "3 of its 4 tensors are quantised (Q4_0, Q4_K, type 99), for example 'b'");
    assertRefused(
        new GgufBytes().entry("a", 12, 0, 256).bytes(), "llama-quantize --allow-requantize");
  }

  @Test
  void namesInMessagesObeyNobody() {
    assertRefused(
        new GgufBytes().pair("\u001b[2J\u202e", 13, new byte[1]).bytes(), "'\\u001b[2J\\u202e'");
  }

  @Test
  void anyBytesAreReadOrRefused() {
    byte[] whole = GgufBytes.llama(1, 2, 1).floats("a", new float[8], 8).bytes();
    Random random = new Random(5);
    for (int i = 0; i < 3_000; i++) {
      byte[] damaged = Arrays.copyOf(whole, 1 + random.nextInt(whole.length));
      for (int hit = random.nextInt(4); hit > 0; hit--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      assertThat(outcome(damaged)).isIn("read", "refused");
    }
  }

  private String outcome(byte[] bytes) {
    try {
      assertThat(open(bytes).file().location()).isEqualTo(FILE);
      return "read";
    } catch (UserException e) {
      return "refused";
    } catch (IOException | RuntimeException e) {
      return e.toString();
    }
  }
}

package dev.stockpot.merge.part;

import static dev.stockpot.merge.part.PartBench.part;
import static dev.stockpot.merge.part.PartBench.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Float8;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.statistic.LostUpdates;
import dev.stockpot.kernels.statistic.NonFinite;
import dev.stockpot.merge.model.Dequantised;
import dev.stockpot.merge.model.Stored;
import dev.stockpot.merge.output.OutputTensor;
import dev.stockpot.merge.plan.Requantised;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers become FP8 again, with the scales of their base as far as these still fit. */
class RequantisedMakingTest {
  private static final PartSettings SETTINGS = new PartSettings(4_096, 1 << 20, false, false);

  private final PartBench bench = new PartBench(1 << 20);

  @AfterEach
  void everyBufferWasReturned() {
    bench.close();
  }

  /** A matrix in blocks of a row of two, each of which has a scale. */
  private Requantised work(
      DType scaleType, boolean powersOfTwo, float[] merged, float[] base, float... scales) {
    long rows = scales.length;
    byte[] codes = new byte[base.length];
    for (int i = 0; i < base.length; i++) {
      codes[i] = Float8.toE4m3(base[i] / scales[i / 2]);
    }
    ByteBuffer stored =
        ByteBuffer.allocate(scales.length * scaleType.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (float scale : scales) {
      if (scaleType == DType.BF16) {
        stored.putShort(Bfloat16.fromFloat(scale));
      } else {
        stored.putFloat(scale);
      }
    }
    Dequantised as =
        new Dequantised(
            bench.bytes("c", DType.F8_E4M3, Shape.of(rows, 2), codes),
            bench.bytes("s", scaleType, Shape.of(rows, 1), stored.array()),
            List.of(1L, 2L));
    Stored numbers = bench.stored("m", Shape.of(rows, 2), merged);
    return new Requantised(
        new OutputTensor("w", DType.F8_E4M3, Shape.of(rows, 2)),
        new OutputTensor("w_scale", scaleType, Shape.of(rows, 1)),
        numbers,
        as,
        powersOfTwo);
  }

  /** Codes, and their scales behind them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Written(byte[] codes, float[] scales) {
    List<Float> numbers() {
      List<Float> numbers = new ArrayList<>();
      for (int i = 0; i < codes.length; i++) {
        numbers.add(Float8.e4m3ToFloat(codes[i]) * scales[i / 2]);
      }
      return numbers;
    }
  }

  private Written written(Requantised work) throws IOException {
    ByteBuffer file = bench.made(bench.runner(SETTINGS), List.of(List.of(whole(work)))).get(0);
    byte[] codes = new byte[(int) work.codes().byteCount()];
    file.get(codes);
    float[] scales = new float[(int) work.scales().shape().elements()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] =
          work.scales().dtype() == DType.BF16 ? Bfloat16.toFloat(file.getShort()) : file.getFloat();
    }
    assertThat(file.remaining()).isZero();
    return new Written(codes, scales);
  }

  private static float[] floats(double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatNothingChangedHasTheCodesAndTheScalesThatItHad(boolean powersOfTwo) throws IOException {
    float[] base = floats(448 * 0.3, -3 * 0.3, 240 * 0.7, 0);
    float[] exact = floats(448 * 0.3f, -3 * 0.3f, 240 * 0.7f, 0);
    Requantised work = work(DType.F32, powersOfTwo, exact, base, 0.3f, 0.7f);
    Written written = written(work);
    assertThat(written.scales()).containsExactly(0.3f, 0.7f);
    assertThat(written.codes()).isEqualTo(new byte[] {0x7E, (byte) 0xC4, 0x77, 0});
  }

  /** The largest number of a block, and the scale that it gets where the base has 2. */
  @ParameterizedTest
  @CsvSource({
    "896, 2",
    "448, 2",
    "447.9, 0.99977678",
    "900, 2.0089285",
    "0, 2",
    "1e-3, 2.2321429e-6"
  })
  void aScaleStaysFromHalfTheLargestCodeOn(float largest, float scale) throws IOException {
    Written written = written(work(DType.F32, false, floats(-largest, 0), floats(896, 4), 2));
    assertThat(written.scales()[0]).isCloseTo(scale, within(scale * 1e-6f));
    assertThat(written.numbers().get(0)).isCloseTo(-largest, within(largest * 1e-6f));
  }

  @ParameterizedTest
  @CsvSource({"900, 4", "1792, 4", "1793, 8", "447, 1", "3.5, 0.0078125", "1e-42, 5.877472e-39"})
  void newScalesArePowersOfTwoWhereTheBaseHasThem(float largest, float scale) throws IOException {
    Written written = written(work(DType.F32, true, floats(largest, 0), floats(896, 4), 2));
    assertThat(written.scales()[0]).isEqualTo(scale);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, Float.NaN, Float.POSITIVE_INFINITY, -1})
  void aScaleThatIsNoneIsReplaced(float broken) throws IOException {
    Written written =
        written(work(DType.F32, false, floats(4, 1, 0, 0), new float[4], broken, broken));
    assertThat(written.scales()[0]).isEqualTo(4 / 448f);
    assertThat(written.scales()[1]).as("of a block of zeros").isEqualTo(1);
    assertThat(written.codes()[2]).isZero();
    assertThat(written.numbers().get(0)).isCloseTo(4, within(1e-6f));
  }

  @Test
  void scalesInBfloat16AreRoundedBeforeCodesAreMade() throws IOException {
    float[] merged = floats(900, 450, 3, 1);
    Written written = written(work(DType.BF16, false, merged, floats(448, 4, 448, 4), 1, 1));
    for (int block = 0; block < 2; block++) {
      float exact = merged[2 * block] / 448;
      float scale = Bfloat16.toFloat(Bfloat16.fromFloat(exact));
      assertThat(written.scales()[block]).isEqualTo(scale).isNotEqualTo(exact);
      assertThat(written.codes()[2 * block + 1])
          .isEqualTo(Float8.toE4m3(merged[2 * block + 1] / scale));
    }
  }

  /** Too small for any scale is not the same as no number. */
  @ParameterizedTest
  @CsvSource({"F32, 1e-44", "F32, 1e-42", "BF16, 1e-44", "BF16, 1e-42", "BF16, 1e-38"})
  void theSmallestNumbersLeaveZerosWhatTheyAre(DType scales, float tiny) throws IOException {
    Written written = written(work(scales, false, floats(tiny, 0), floats(448, 0), 1));
    assertThat(written.scales()[0]).isPositive();
    assertThat(written.numbers().get(1)).isZero();
    assertThat(written.numbers().get(0)).isBetween(0f, 2 * tiny);
  }

  @Test
  void infinityMakesNoScaleAndIsTold() throws IOException {
    Requantised work =
        work(
            DType.F32,
            false,
            floats(Float.POSITIVE_INFINITY, 600, Float.NaN, Float.NaN),
            floats(448, 400, 448, 300),
            2,
            1);
    Written written = written(work);
    assertThat(written.scales()).containsExactly(2, 1);
    assertThat(written.numbers().subList(0, 2)).containsExactly(896f, 576f);
    assertThat(written.numbers().get(2)).isNaN();
    PartResult result = bench.result(bench.runner(SETTINGS), part(List.of(whole(work))));
    assertThat(result.nonFinite()).isEqualTo(Map.of("w", new NonFinite(0, 2, 0, 1)));
  }

  /** Of four numbers two move so far that they have other codes, and one too little for it. */
  @Test
  void whatRoundingTakesOfTheChangeIsCounted() throws IOException {
    float[] base = floats(448, 4, 256, 8);
    float[] merged = floats(448, 4.1, 320, 9);
    Requantised work = work(DType.F32, false, merged, base, 1, 1);
    PartResult result = bench.result(bench.runner(SETTINGS), part(List.of(whole(work))));
    LostUpdates updates = result.updates().get("w");
    assertThat(updates.updated()).isEqualTo(3);
    assertThat(updates.lost()).isEqualTo(1);
    double small = 4.1f - 4.0;
    assertThat(updates.lengths().base()).isEqualTo(Math.sqrt(448.0 * 448 + 16 + 256 * 256 + 64));
    assertThat(updates.lengths().change())
        .isCloseTo(Math.sqrt(small * small + 64 * 64 + 1), within(1e-12));
    assertThat(updates.lengths().error()).isCloseTo(small, within(1e-12));
  }

  @Test
  void codesAndScalesHaveAChecksumEach() throws IOException {
    Requantised work = work(DType.F32, false, floats(448, 4), floats(448, 4), 1);
    PartResult result = bench.result(bench.runner(SETTINGS), part(List.of(whole(work))));
    assertThat(result.slices())
        .containsExactly(
            new PartResult.SliceChecksum("w", 0, 2, crc(0x7E, 0x48)),
            new PartResult.SliceChecksum("w_scale", 0, 4, crc(0, 0, 0x80, 0x3F)));
  }

  private static int crc(int... bytes) {
    CRC32C crc = new CRC32C();
    for (int b : bytes) {
      crc.update(b);
    }
    return (int) crc.getValue();
  }
}

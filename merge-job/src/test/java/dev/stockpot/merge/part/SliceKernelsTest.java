package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.KernelProvider;
import dev.stockpot.kernels.Kernels;
import dev.stockpot.kernels.Operand;
import dev.stockpot.kernels.block.Block;
import dev.stockpot.kernels.device.DeviceException;
import dev.stockpot.kernels.method.BlockMerge;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MergeProgram;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.ParameterValues;
import dev.stockpot.kernels.method.Scan;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.kernels.scalar.ScalarProvider;
import dev.stockpot.kernels.statistic.Statistic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that runs out of memory, or fails, changes no byte of a merge. */
class SliceKernelsTest {
  private static final int COUNT = 3 * Block.REDUCTION_ELEMENTS + 5_000;

  /** Of inputs that stay on the device, if they do. */
  private static final long HELD_BYTES = 3 * 2L * COUNT;

  /** Of rows, two of which are a reduction block. */
  private static final int ROW = COUNT / 8;

  private static final KernelProvider SCALAR = new ScalarProvider();

  private final BufferAllocator memory = new RootAllocator();
  private final List<ArrowBuf> buffers = new ArrayList<>();
  private List<Operand> inputs = List.of();
  private int count = COUNT;

  @AfterEach
  void returnBuffers() {
    buffers.forEach(ArrowBuf::close);
    memory.close();
  }

  private List<Operand> inputs() {
    if (inputs.isEmpty()) {
      inputs = List.of(input(1), input(2), input(3));
    }
    return inputs;
  }

  private Operand operand() {
    ArrowBuf buffer = memory.buffer(2L * count);
    buffers.add(buffer);
    return new Operand(buffer, DType.BF16, count);
  }

  /** Few different numbers, so that thresholds have ties in every reduction block. */
  private Operand input(long seed) {
    Operand operand = operand();
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      operand.shorts().put(i, (short) (0x3F00 + random.nextInt(64) + (random.nextInt(2) << 15)));
    }
    return operand;
  }

  private byte[] merged(String method, KernelProvider provider) {
    return merged(method, provider, 0);
  }

  private byte[] merged(String method, KernelProvider provider, long heldBytes) {
    return merged(program(method), provider, heldBytes);
  }

  private byte[] merged(MergeProgram program, KernelProvider provider, long heldBytes) {
    try (SliceKernels kernels = new SliceKernels(provider, SCALAR, heldBytes)) {
      return merged(program, kernels);
    }
  }

  /** A program that does the same with rows, which do not matter to it. */
  private record InRows(MergeProgram program) implements MergeProgram {
    @Override
    public long rowElements() {
      return ROW;
    }

    @Override
    public boolean takesRowsTogether() {
      return true;
    }

    @Override
    public Optional<Scan> scan() {
      return program.scan();
    }

    @Override
    public MergeProgram knowing(Statistic found) {
      return new InRows(program.knowing(found));
    }

    @Override
    public <V> BlockMerge open(Kernels<V> kernels) {
      return program.open(kernels);
    }
  }

  private byte[] merged(MergeProgram unsettled, SliceKernels kernels) {
    Block chunk = new Block(0, 0, count);
    MergeProgram program = unsettled;
    for (Optional<Scan> scan = program.scan(); scan.isPresent(); scan = program.scan()) {
      try (SliceKernels.ScanPass pass = kernels.scan(scan.get(), program.rows(), true)) {
        pass.run(chunk, inputs(), List.of());
        program = program.knowing(pass.found());
      }
    }
    Operand output = operand();
    try (SliceKernels.Pass pass = kernels.merge(program, true, Optional.empty())) {
      pass.run(chunk, inputs(), List.of(output));
    }
    byte[] bytes = new byte[2 * count];
    output.buffer().getBytes(0, bytes);
    return bytes;
  }

  /** Three models, the first of which is the base where there is one. */
  private MergeProgram program(String name) {
    MergeMethod method = MergeMethods.named(name).orElseThrow();
    ParameterValues model =
        values(method, Parameter.Scope.MODEL, Map.of("weight", 1.0, "density", 0.3));
    boolean hasBase = name.equals("ties");
    return method.program(
        new TensorTerms(
            "t",
            Shape.of(count),
            0,
            List.of(hasBase ? ParameterValues.NONE : model, model, model),
            hasBase ? OptionalInt.of(0) : OptionalInt.empty(),
            values(method, Parameter.Scope.MERGE, Map.of()),
            42));
  }

  private static ParameterValues values(
      MergeMethod method, Parameter.Scope scope, Map<String, Object> given) {
    Map<String, Object> values = new HashMap<>();
    for (Parameter<?> parameter : method.parameters()) {
      if (parameter.scope() == scope) {
        parameter.plainStandard().ifPresent(standard -> values.put(parameter.name(), standard));
        Optional.ofNullable(given.get(parameter.name()))
            .ifPresent(value -> values.put(parameter.name(), value));
      }
    }
    return new ParameterValues(values);
  }

  @Test
  void aDeviceGivesTheSameBytes() {
    for (String method : List.of("ties", "karcher", "linear")) {
      ScarceProvider device = ScarceProvider.withRoomFor(Integer.MAX_VALUE);
      assertThat(merged(method, device)).isEqualTo(merged(method, SCALAR));
      assertThat(device.tiles()).allMatch(tile -> tile == COUNT);
    }
  }

  @Test
  void aTileThatDoesNotFitIsHalvedToWholeReductionBlocks() {
    ScarceProvider device = ScarceProvider.withRoomFor(2 << 20);

    assertThat(merged("ties", device)).isEqualTo(merged("ties", SCALAR));
    assertThat(device.tiles()).startsWith(COUNT, 2 << 20, COUNT - (2 << 20));
    assertThat(device.stillOpen()).isZero();
  }

  @Test
  void whatDoesNotFitInTheSmallestTileIsDoneByTheCpu() {
    ScarceProvider device = ScarceProvider.withRoomFor(1_000);

    assertThat(merged("ties", device)).isEqualTo(merged("ties", SCALAR));
    assertThat(device.isAbandoned()).isFalse();
    assertThat(device.stillOpen()).isZero();
  }

  /** Of two tiles, if one does not fit: there are many operations. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whicheverOperationFailsTheBytesAreTheSame(boolean isHeld) {
    count = Block.REDUCTION_ELEMENTS + 5_000;
    long heldBytes = isHeld ? 3 * 2L * count : 0;
    byte[] expected = merged("ties", SCALAR);
    ScarceProvider counting = ScarceProvider.withRoomFor(Integer.MAX_VALUE).ofTiles(2 * count);
    merged("ties", counting, heldBytes);
    List<DeviceException> failures =
        List.of(
            ScarceProvider.full(false),
            ScarceProvider.full(true),
            new DeviceException("broken", null));

    for (int number = 0; number < counting.operations(); number++) {
      DeviceException failure = failures.get(number % failures.size());
      ScarceProvider device = ScarceProvider.failingAt(number, failure).ofTiles(2 * count);
      assertThat(merged("ties", device, heldBytes))
          .as("operation %s failed: %s", number, failure)
          .isEqualTo(expected);
      assertThat(device.stillOpen()).isZero();
    }
  }

  @Test
  void whereOthersUseTheMemoryATileWaitsAndIsTriedAgainAsItIs() {
    ScarceProvider device = ScarceProvider.failingAt(5, ScarceProvider.full(true));

    assertThat(merged("ties", device)).isEqualTo(merged("ties", SCALAR));
    assertThat(device.waits()).isEqualTo(1);
    assertThat(device.tiles()).allMatch(tile -> tile == COUNT);
  }

  @Test
  void aDeviceThatFailsIsGivenUpAndTheCpuGoesOn() {
    ScarceProvider device = ScarceProvider.failingAt(0, new DeviceException("broken", null));

    assertThat(merged("ties", device)).isEqualTo(merged("ties", SCALAR));
    assertThat(device.isAbandoned()).isTrue();
    assertThat(device.tiles()).hasSize(1);
  }

  @Test
  void inputsOfSeveralPassesStayOnTheDevice() {
    for (String method : List.of("ties", "karcher", "linear")) {
      ScarceProvider device = ScarceProvider.withRoomFor(Integer.MAX_VALUE);
      assertThat(merged(method, device, HELD_BYTES)).isEqualTo(merged(method, SCALAR));
      assertThat(device.opened()).isEqualTo(1);
      assertThat(device.stillOpen()).isZero();
    }
  }

  @Test
  void whereTheyDoNotFitTheyAreCopiedForEachPass() {
    ScarceProvider device = ScarceProvider.withRoomFor(2 << 20);

    assertThat(merged("ties", device, HELD_BYTES)).isEqualTo(merged("ties", SCALAR));
    assertThat(device.tiles()).startsWith(COUNT, COUNT, 2 << 20, COUNT - (2 << 20));
    assertThat(device.stillOpen()).isZero();
  }

  @Test
  void rowsThatMayBeTakenTogetherAreTiledInWholeReductionBlocks() {
    MergeProgram program = new InRows(program("ties"));
    byte[] expected = merged(program, SCALAR, 0);
    ScarceProvider large = ScarceProvider.withRoomFor(Integer.MAX_VALUE);
    ScarceProvider small = ScarceProvider.withRoomFor(4 * ROW);
    ScarceProvider tiny = ScarceProvider.withRoomFor(ROW);

    assertThat(merged(program, large, 0)).isEqualTo(expected);
    assertThat(merged(program, small, 0)).isEqualTo(expected);
    assertThat(merged(program, tiny, 0)).isEqualTo(expected);

    assertThat(large.tiles()).allMatch(tile -> tile == COUNT);
    assertThat(small.tiles()).startsWith(COUNT, 4 * ROW, 4 * ROW);
    assertThat(tiny.tiles()).startsWith(COUNT, 4 * ROW, 2 * ROW);
    assertThat(tiny.isAbandoned()).isFalse();
  }

  @Test
  void inputsInRowsThatMayBeTakenTogetherStayOnTheDevice() {
    MergeProgram program = new InRows(program("ties"));
    ScarceProvider device = ScarceProvider.withRoomFor(Integer.MAX_VALUE);

    assertThat(merged(program, device, HELD_BYTES)).isEqualTo(merged(program, SCALAR, 0));
    assertThat(device.opened()).isEqualTo(1);
    assertThat(device.stillOpen()).isZero();
  }
}

package dev.stockpot.merge.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.checkpoint.TensorInfo;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.List;
import org.apache.spark.sql.sources.And;
import org.apache.spark.sql.sources.EqualNullSafe;
import org.apache.spark.sql.sources.EqualTo;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.sources.GreaterThan;
import org.apache.spark.sql.sources.GreaterThanOrEqual;
import org.apache.spark.sql.sources.In;
import org.apache.spark.sql.sources.IsNotNull;
import org.apache.spark.sql.sources.IsNull;
import org.apache.spark.sql.sources.LessThan;
import org.apache.spark.sql.sources.LessThanOrEqual;
import org.apache.spark.sql.sources.Not;
import org.apache.spark.sql.sources.Or;
import org.apache.spark.sql.sources.StringContains;
import org.apache.spark.sql.sources.StringEndsWith;
import org.apache.spark.sql.sources.StringStartsWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Conditions that headers decide, on a tensor of layer 3 and on one outside of layers. */
class HeaderFilterTest {
  private static final TensorRow INSIDE = row("model.layers.3.mlp.up_proj.weight", 3);
  private static final TensorRow OUTSIDE = row("lm_head.weight", -1);

  private static TensorRow row(String name, int layer) {
    TensorInfo tensor =
        new TensorInfo(
            name,
            DType.F32,
            Shape.of(2, 3),
            new StoredObject(Location.typed("/models/a/model.safetensors"), 100, "v"),
            new ByteRange(10, 34));
    return new TensorRow("a", tensor, layer < 0 ? "" : "model.layers", layer);
  }

  static List<Filter> metInside() {
    return List.of(
        new EqualTo("layer", 3),
        new EqualTo("block", "mlp.up_proj"),
        new EqualTo("elements", 6L),
        new EqualTo("dtype", "F32"),
        new In("layer", new Object[] {null, 2, 3}),
        new LessThan("layer", 4),
        new LessThanOrEqual("layer", 3),
        new GreaterThan("bytes", 23L),
        new GreaterThanOrEqual("offset", 10L),
        new IsNotNull("stack"),
        new StringStartsWith("name", "model.layers."),
        new StringEndsWith("name", ".weight"),
        new StringContains("name", "mlp"),
        new And(new EqualTo("layer", 3), new EqualTo("stack", "model.layers")),
        new Or(new EqualTo("layer", 9), new EqualTo("model", "a")));
  }

  static List<Filter> notMetInside() {
    return List.of(
        new EqualTo("layer", 2),
        new In("dtype", new Object[] {"F16"}),
        new LessThan("layer", 3),
        new GreaterThan("layer", 3),
        new IsNull("layer"),
        new StringStartsWith("name", "layers"),
        new And(new EqualTo("layer", 3), new EqualTo("dtype", "BF16")),
        new Or(new EqualTo("layer", 9), new EqualTo("model", "b")));
  }

  static List<Filter> leftToSpark() {
    return List.of(
        new Not(new EqualTo("layer", 3)),
        new EqualNullSafe("layer", 3),
        new GreaterThan("mean", 0.0),
        new IsNotNull("shape"),
        new And(new EqualTo("layer", 3), new GreaterThan("max", 1.0)),
        new Or(new Not(new IsNull("layer")), new EqualTo("layer", 3)));
  }

  @ParameterizedTest
  @MethodSource("metInside")
  void areMet(Filter filter) {
    assertThat(HeaderFilter.decides(filter)).isTrue();
    assertThat(HeaderFilter.passes(filter, INSIDE)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("notMetInside")
  void areNotMet(Filter filter) {
    assertThat(HeaderFilter.decides(filter)).isTrue();
    assertThat(HeaderFilter.passes(filter, INSIDE)).isFalse();
  }

  /** As in SQL, where a comparison with null is not true. */
  @ParameterizedTest
  @MethodSource("ofLayers")
  void nothingIsTrueOfALayerThatIsNotThere(Filter filter) {
    assertThat(HeaderFilter.passes(filter, OUTSIDE)).isFalse();
  }

  static List<Filter> ofLayers() {
    return List.of(
        new EqualTo("layer", -1),
        new LessThan("layer", 3),
        new GreaterThanOrEqual("layer", -5),
        new In("layer", new Object[] {null, -1}),
        new IsNotNull("stack"),
        new StringStartsWith("stack", ""));
  }

  @ParameterizedTest
  @MethodSource("leftToSpark")
  void areLeftToSpark(Filter filter) {
    assertThat(HeaderFilter.decides(filter)).isFalse();
  }
}

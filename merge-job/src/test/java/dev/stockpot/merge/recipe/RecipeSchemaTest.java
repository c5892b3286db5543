package dev.stockpot.merge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import dev.stockpot.kernels.methods.MergeMethods;
import dev.stockpot.kernels.methods.PostSteps;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schema of recipes for editors: it is that of the docs, knows every key, and takes them. */
class RecipeSchemaTest {
  private static final Path DOCS = Path.of("../docs");
  private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");
  private static final Pattern WHOLE =
      Pattern.compile("(?m)^(merge_method|experts|compose|soup|round|genome|path):");
  private static final JsonObject SCHEMA = schema();
  private static final JsonSchema CHECK =
      JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(JsonWriter.text(JsonStyle.COMPACT, SCHEMA));

  private static JsonObject schema() {
    try {
      return new RecipeSchema(MergeMethods.all(), PostSteps.all()).json();
    } catch (Exception e) {
      throw new IllegalStateException("schema.json", e);
    }
  }

  private static List<String> faults(String yaml) {
    List<String> faults = new ArrayList<>();
    for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(yaml)) {
      String json = JsonWriter.text(JsonStyle.COMPACT, json(document));
      for (ValidationMessage fault : CHECK.validate(json, InputFormat.JSON)) {
        faults.add(fault.getMessage());
      }
    }
    return faults;
  }

  private static JsonValue json(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, JsonValue> fields = new LinkedHashMap<>();
      map.forEach((key, inner) -> fields.put(key.toString(), json(inner)));
      return new JsonObject(fields);
    }
    if (value instanceof List<?> list) {
      return JsonValue.of(list.stream().map(RecipeSchemaTest::json).toList());
    }
    if (value == null) {
      return JsonValue.nothing();
    }
    return value instanceof Integer whole
        ? JsonValue.of(whole.longValue())
        : JsonValue.ofJava(value);
  }

  static List<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../conf"))) {
      return files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
    }
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.list(DOCS)) {
      return Stream.concat(
              Stream.of(Path.of("../README.md")),
              files.filter(file -> file.toString().endsWith(".md")))
          .sorted()
          .toList();
    }
  }

  @Test
  void isThatOfTheDocs() throws IOException {
    String text = JsonWriter.text(JsonStyle.PYTHON, SCHEMA) + "\n";
    Files.writeString(
        Files.createDirectories(Path.of("target/schemas")).resolve("recipe.json"), text);
    Path page = DOCS.resolve("schemas/recipe.json");

    assertThat(Files.exists(page) ? Files.readString(page) : "")
        .as("stale: cp merge-job/target/schemas/recipe.json docs/schemas/")
        .isEqualTo(text);
  }

  /** Every mapping that the parser knows by its keys, as the schema has it. */
  @Test
  void hasTheKeysOfTheParser() throws Exception {
    List<String> root =
        List.of(
            "a recipe",
            "a composition",
            "a mixture of experts",
            "a recipe that takes experts out of a mixture");
    Set<String> atTop = new TreeSet<>(SCHEMA.object("properties").orElseThrow().fields().keySet());
    List<String> seen = new ArrayList<>();
    for (Section.Keys keys : keys()) {
      seen.add(keys.owner());
      if (root.contains(keys.owner())) {
        assertThat(atTop).as(keys.owner()).containsAll(keys.known());
        continue;
      }
      Set<String> known = new TreeSet<>(keys.known());
      known.addAll(keys.idle().keySet());
      Set<String> written = new TreeSet<>(definition(keys.owner()));
      written.remove("layers"); // of a rule, which is repeated before its keys are looked at
      assertThat(written).as(keys.owner()).isEqualTo(known);
    }
    assertThat(seen).hasSizeGreaterThan(15).containsAll(root);
  }

  private static Set<String> definition(String owner) {
    if (owner.equals("a filtered value")) {
      return Set.of("filter", "value"); // within each parameter
    }
    return SCHEMA.object("$defs").orElseThrow().fields().values().stream()
        .flatMap(definition -> definition.object().stream())
        .filter(definition -> definition.text("title").equals(owner))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no definition has the title " + owner))
        .object("properties")
        .orElseThrow()
        .fields()
        .keySet();
  }

  private static List<Section.Keys> keys() throws Exception {
    List<Section.Keys> all = new ArrayList<>();
    Path classes = Path.of(RecipeParser.class.getResource("RecipeParser.class").toURI());
    try (Stream<Path> files = Files.list(classes.getParent())) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replaceAll("\\.class$", "");
        Class<?> of = Class.forName(RecipeParser.class.getPackageName() + "." + name);
        for (Field field : of.getDeclaredFields()) {
          if (field.getType() == Section.Keys.class && Modifier.isStatic(field.getModifiers())) {
            field.setAccessible(true);
            all.add((Section.Keys) field.get(null));
          }
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void takesTheRecipesToCopy(Path recipe) throws IOException {
    assertThat(faults(Files.readString(recipe))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void takesTheExamplesOfTheDocs(Path page) throws IOException {
    Matcher examples = EXAMPLE.matcher(Files.readString(page));
    while (examples.find()) {
      if (WHOLE.matcher(examples.group(1)).find()) {
        assertThat(faults(examples.group(1))).as(examples.group(1)).isEmpty();
      }
    }
  }

  @Test
  void takesTheGoldenRecipes() throws IOException {
    List<Path> golden = new ArrayList<>();
    for (String set : List.of("golden", "golden2")) {
      Path cases = Path.of("../../shared", set, "cases");
      if (Files.isDirectory(cases)) {
        try (Stream<Path> files = Files.walk(cases, 2)) {
          files.filter(file -> file.toString().endsWith(".yml")).sorted().forEach(golden::add);
        }
      }
    }
    assumeTrue(!golden.isEmpty(), "SKIPPED: the golden recipes are not there");
    List<String> refused = new ArrayList<>();
    for (Path recipe : golden) {
      String ours = Files.readString(recipe).replace("normalise", "normalize");
      faults(ours).forEach(why -> refused.add(recipe + ": " + why));
    }
    assertThat(refused).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{merge_method: tise, models: [{model: a}]}|merge_method",
        "{merge_method: ties, modles: [{model: a}]}|modles",
        "{merge_method: ties, models: [{modle: a}]}|modle",
        "{merge_method: ties, models: [{model: a, parameters: {density: 1.5}}]}|density",
        "{merge_method: ties, models: [{model: a}], parameters: {dnesity: 0.5}}|dnesity",
        "{merge_method: ties, models: [{model: a}], dtype: fp16}|dtype",
        "{merge_method: passthrough, slices: [{sources: [{model: a}]}]}|layer_range",
        "{models: [{model: a}]}|merge_method",
        "{round: {strategy: fedadm, number: 1}, models: [{model: a}]}|strategy",
        "{round: {strategy: fedadam, number: 0}, models: [{model: a}]}|number",
        "{experts: [{model: a}], base_model: b}|source_model",
        "{compose: [{from: a, axxis: 1}]}|axxis",
        "{soup: greddy, models: [{model: a}], evaluate: {http: 'http://x'}}|soup",
        "{merge_method: linear, models: [{model: a}], post: [{svcc: {}}]}|post"
      })
  void findsSlips(String recipe, String where) {
    assertThat(faults(recipe)).as(recipe).anyMatch(fault -> fault.contains(where));
  }
}

package dev.stockpot.merge.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.stockpot.merge.engine.MergeTotals;
import dev.stockpot.merge.part.PartTimes;
import dev.stockpot.merge.storage.StoreRequests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.metrics.sink.PrometheusServlet;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What Prometheus reads of a driver, by Spark's own sink, and what our dashboard asks for. */
class MergeMetricsTest {
  private static final Path MONITORING = Path.of("../deploy/kubernetes/components/monitoring");

  /** As Spark names our plugin's registry, {@code spark.metrics.namespace} first. */
  private static final String SOURCE = "stockpot.driver.plugin." + MetricsPlugin.class.getName();

  private static final Pattern METRIC = Pattern.compile("\\bstockpot_\\w+");

  private static String scraped() {
    MetricRegistry ours = new MetricRegistry();
    MergeMetrics.registerDriver(ours);
    MetricRegistry ofSpark = new MetricRegistry();
    ofSpark.register(SOURCE, ours);
    return new PrometheusServlet(new Properties(), ofSpark).getMetricsSnapshot();
  }

  private static Set<String> scrapedNames() {
    return scraped()
        .lines()
        .map(line -> line.substring(0, line.indexOf('{')))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What a relabelling makes of a name: nothing where it is dropped. */
  private static Optional<String> relabelled(String name, List<Map<String, Object>> rules) {
    String known = name;
    for (Map<String, Object> rule : rules) {
      Matcher matcher = Pattern.compile((String) rule.get("regex")).matcher(known);
      if (!matcher.matches()) {
        continue;
      }
      if ("drop".equals(rule.get("action"))) {
        return Optional.empty();
      }
      known = matcher.replaceFirst((String) rule.get("replacement"));
    }
    return Optional.of(known);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> rules() throws IOException {
    String text = Files.readString(MONITORING.resolve("podmonitor.yaml"));
    Map<String, Object> monitor =
        (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(text);
    Map<String, Object> spec = (Map<String, Object>) monitor.get("spec");
    List<Map<String, Object>> endpoints =
        (List<Map<String, Object>>) spec.get("podMetricsEndpoints");
    assertThat(endpoints).hasSize(1);
    return (List<Map<String, Object>>) endpoints.get(0).get("metricRelabelings");
  }

  private static Set<String> stored() throws IOException {
    List<Map<String, Object>> rules = rules();
    return scrapedNames().stream()
        .flatMap(name -> relabelled(name, rules).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> shown() throws IOException {
    JsonNode dashboard = new ObjectMapper().readTree(MONITORING.resolve("dashboard.json").toFile());
    Set<String> names = new TreeSet<>();
    for (String asks : List.of("expr", "query")) {
      for (JsonNode asked : dashboard.findValues(asks)) {
        METRIC.matcher(asked.toString()).results().forEach(found -> names.add(found.group()));
      }
    }
    return names;
  }

  @Test
  void aDriverOffersWhatItsExecutorsDid() throws IOException {
    assertThat(stored())
        .containsExactly(
            "stockpot_requests_all",
            "stockpot_requests_get",
            "stockpot_requests_put",
            "stockpot_requests_retries",
            "stockpot_shards",
            "stockpot_total_bytes_read",
            "stockpot_total_bytes_written",
            "stockpot_total_requests_all",
            "stockpot_total_requests_get",
            "stockpot_total_requests_put",
            "stockpot_total_requests_retries",
            "stockpot_total_tasks",
            "stockpot_total_time_merging_millis",
            "stockpot_total_time_reading_millis",
            "stockpot_total_time_uploading_millis",
            "stockpot_total_time_waiting_millis");
  }

  @Test
  void theDashboardShowsAllOfItAndNothingElse() throws IOException {
    assertThat(shown()).isEqualTo(stored());
  }

  @Test
  void noNameIsLeftAsSparkSpellsIt() throws IOException {
    assertThat(stored()).allMatch(name -> name.startsWith("stockpot_"));
    assertThat(scrapedNames()).hasSize(2 * stored().size());
  }

  @Test
  void whatATaskDidIsCountedOnceOnTheDriver() {
    MergeTotals before = TaskTotals.ofAll();
    TaskTotals onDriver = new TaskTotals();
    TaskTotals onExecutor = onDriver.copy();
    MergeTotals task =
        new MergeTotals(
            1, new PartTimes(1, 2, 3_000_000, 4, 500, 60), new StoreRequests(7, 8, 16, 1));
    onExecutor.add(task);
    assertThat(TaskTotals.ofAll()).as("until it is told").isEqualTo(before);
    onDriver.merge(onExecutor);
    assertThat(TaskTotals.ofAll()).isEqualTo(before.plus(task));
    assertThat(onDriver.value()).isEqualTo(task);
    assertThat(scraped())
        .contains("_total_bytes_read_Value{type=\"gauges\"} " + (before.times().bytesRead() + 500));
  }

  @Test
  void anExecutorOffersItsOwn() {
    MetricRegistry registry = new MetricRegistry();
    MergeMetrics.registerExecutor(registry);
    assertThat(registry.getNames())
        .contains("tasks", "bytes.read", "time.merging.millis", "requests.retries")
        .noneMatch(name -> name.startsWith("total."));
  }
}

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.internal.config.ConfigEntry;

/**
 * Finds options of Spark and S3A in files that this Spark does not know: {@code java -cp 'jars/*'
 * KnownOptions.java FILE…}. Settings of Stockpot are checked by its own tests.
 */
public final class KnownOptions {
  private static final Pattern OPTION =
      Pattern.compile("(?<![\\w.])spark\\.[A-Za-z][A-Za-z0-9.]*[A-Za-z0-9]");

  /** Options with a name of one's own in them, or that are no entry of Spark's registry. */
  private static final Pattern FREE =
      Pattern.compile(
          "spark\\.(executor|driver|task)\\.resource\\.\\w+\\.(amount|vendor|discoveryScript)"
              + "|spark\\.kubernetes\\.(driver|executor)\\.(label|annotation)\\..+"
              + "|spark\\.metrics\\.conf\\..+|spark\\.master|spark\\.submit\\.deployMode|spark\\.stockpot(\\..+)?");

  private static final String[] REGISTRIES = {
    "org.apache.spark.internal.config.package$",
    "org.apache.spark.internal.config.UI$",
    "org.apache.spark.deploy.k8s.Config$",
    "org.apache.spark.deploy.yarn.config.package$",
  };

  public static void main(String[] files) throws Exception {
    for (String registry : REGISTRIES) {
      Class.forName(registry);
    }
    Set<String> s3a = new TreeSet<>();
    for (Field field : Class.forName("org.apache.hadoop.fs.s3a.Constants").getFields()) {
      if (field.getType() == String.class) {
        s3a.add((String) field.get(null));
      }
    }
    Configuration hadoop = new Configuration();
    int known = 0;
    boolean failed = false;
    for (String file : files) {
      Matcher options = OPTION.matcher(read(file));
      while (options.find()) {
        String option = options.group();
        String ofHadoop = option.startsWith("spark.hadoop.") ? option.substring(13) : "";
        if (FREE.matcher(option).matches()
            || ConfigEntry.findEntry(option) != null
            || (!ofHadoop.isEmpty() && (s3a.contains(ofHadoop) || hadoop.get(ofHadoop) != null))) {
          known++;
        } else {
          System.out.println(file + ": Spark knows no " + option);
          failed = true;
        }
      }
    }
    String port = org.apache.spark.deploy.k8s.Constants.UI_PORT_NAME();
    for (String file : files) {
      if (read(file).contains("kind: PodMonitor") && !read(file).contains("port: " + port + "\n")) {
        System.out.println(file + ": Spark calls the port of its UI " + port);
        failed = true;
      }
    }
    System.out.println(known + " options are known");
    System.exit(failed || known == 0 ? 1 : 0);
  }

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file));
  }
}

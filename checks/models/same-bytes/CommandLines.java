import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs command lines of Stockpot one after the other in one JVM, which saves the start of each:
 * those of a file, a line each, words parted by tabs. A command that fails ends the JVM with its
 * exit code.
 */
public final class CommandLines {
  private CommandLines() {}

  /** Takes the name of the class to run, and the file. */
  public static void main(String[] args) throws Exception {
    Method main = Class.forName(args[0]).getMethod("main", String[].class);
    List<String> lines = Files.readAllLines(Path.of(args[1]));
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).split("\t");
      System.out.printf("%n%s of %s: %s%n", i + 1, lines.size(), String.join(" ", words));
      main.invoke(null, (Object) words);
    }
  }
}

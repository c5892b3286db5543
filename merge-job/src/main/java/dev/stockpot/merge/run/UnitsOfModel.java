package dev.stockpot.merge.run;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.align.Spec;
import dev.stockpot.merge.align.SpecText;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.recipe.ModelReference;
import java.io.IOException;
import java.util.Optional;

/** Which units of a model may change places, for people to read and to change. */
final class UnitsOfModel {
  private UnitsOfModel() {}

  /**
   * The spec of a model.
   *
   * @param file of a spec to go by; empty: the model's kind tells
   */
  static String of(Places places, String named, Optional<String> file) throws IOException {
    ModelReference reference = new ModelReference(named, 0);
    OpenedModel opened =
        OpenedModel.of(places.store(), reference, places::required, /* isDonor= */ false);
    Model model = opened.model().orElseThrow(() -> new UserException(opened.problem()));
    Optional<Spec> spec =
        file.isPresent() ? Optional.of(spec(places, file.get())) : Optional.empty();
    return SpecText.of(named, model, spec);
  }

  /** A spec in a file. */
  static Spec spec(Places places, String file) throws IOException {
    return Spec.read(file, SmallText.read(places.store(), places.folder(file), "a spec"));
  }
}

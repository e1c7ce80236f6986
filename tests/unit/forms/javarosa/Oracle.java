import java.io.FileInputStream;
import java.io.InputStreamReader;
import org.javarosa.core.model.FormDef;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.instance.InstanceInitializationFactory;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.model.xform.XFormsModule;
import org.javarosa.xform.util.XFormUtils;

/** Prints path, value and relevance of every leaf of the forms given, as JavaRosa computes them on opening. */
public class Oracle {
  static void walk(TreeElement element, String path) {
    for (int i = 0; i < element.getNumChildren(); i++) {
      TreeElement child = element.getChildAt(i);
      if (child.getMult() == TreeReference.INDEX_TEMPLATE) continue;
      String row = child.isRepeatable() ? "[" + (child.getMult() + 1) + "]" : "";
      String below = path + "/" + child.getName() + row;
      if (child.getNumChildren() > 0) { walk(child, below); continue; }
      IAnswerData value = child.getValue();
      System.out.println(below + "\t" + (value == null ? "" : value.uncast().getString()) + "\t" + child.isRelevant());
    }
  }

  public static void main(String[] files) throws Exception {
    new XFormsModule().registerModule();
    for (String file : files) {
      System.out.println("## " + file);
      try {
        FormDef form = XFormUtils.getFormRaw(new InputStreamReader(new FileInputStream(file), "UTF-8"));
        form.initialize(true, new InstanceInitializationFactory());
        TreeElement root = form.getMainInstance().getRoot();
        walk(root, "/" + root.getName());
      } catch (Throwable fault) { System.out.println("REFUSED " + fault.getClass().getSimpleName()); }
    }
  }
}

// SPDX-License-Identifier: MIT
// Real Lucene regular expressions for eql_es.py. stdin: lines "flag TAB hex(pattern) TAB hex(text) TAB hex(text) ..." (UTF-8);
// flag 1 = ASCII case-insensitive. stdout: a line of 0 and 1, one for each text, or "E message". Same construction as an
// Elasticsearch regexp query: RegExp with every optional syntax flag, whole-string match, 10000 determinized states.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.util.*;
import org.apache.lucene.util.automaton.*;

public class LuceneRegex {
    static String unhex(String s) {
        byte[] b = new byte[s.length() / 2];
        for (int i = 0; i < b.length; i++) b[i] = (byte) Integer.parseInt(s.substring(2 * i, 2 * i + 2), 16);
        return new String(b, StandardCharsets.UTF_8);
    }

    static Object compile(String flag, String pattern) {
        try {
            int match = flag.equals("1") ? RegExp.ASCII_CASE_INSENSITIVE : 0;
            Automaton m = new RegExp(unhex(pattern), RegExp.ALL, match).toAutomaton();
            return new CharacterRunAutomaton(Operations.determinize(m, 10000));
        } catch (RuntimeException | StackOverflowError e) {
            return "E " + String.valueOf(e.getMessage()).replaceAll("[^ -~]", " ");
        }
    }

    public static void main(String[] a) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
        Map<String, Object> cache = new LinkedHashMap<>(16, 0.75f, true) {
            protected boolean removeEldestEntry(Map.Entry<String, Object> e) { return size() > 2000; }
        };
        for (String line; (line = in.readLine()) != null;) {
            String[] f = line.split("\t", -1);
            Object r = cache.get(f[0] + f[1]);
            if (r == null) cache.put(f[0] + f[1], r = compile(f[0], f[1]));
            if (r instanceof String) {
                out.println(r);
            } else {
                StringBuilder b = new StringBuilder();
                for (int i = 2; i < f.length; i++) b.append(((CharacterRunAutomaton) r).run(unhex(f[i])) ? '1' : '0');
                out.println(b);
            }
            out.flush();
        }
    }
}

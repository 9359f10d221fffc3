// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Palisade authors

import PolicyEvaluation
import Testing

/// RE2's syntax (github.com/google/re2, "Syntax"), one line each, against whole values.
@Suite struct RequestExpressionTests {
    @Test(arguments: [
        (#"abc"#, ["abc"], ["ab", "abcd", "xabc", ""]), (#""#, [""], ["a"]),
        (#"a.c"#, ["abc", "aéc", "a/c"], ["ac", "a\nc"]), (#"(?s)a.c"#, ["a\nc"], ["ac"]),
        (#"[a-c]x"#, ["ax", "cx"], ["dx", "-x"]), (#"[^a-c]"#, ["d", "\n", "é"], ["a", ""]),
        (#"[]a]"#, ["]", "a"], ["b"]), (#"[a-]"#, ["a", "-"], ["b"]), (#"[-a]"#, ["-", "a"], [","]),
        (#"[\]\-\\]"#, ["]", "-", "\\"], ["a"]), (#"[\d-z]"#, ["1", "-", "z"], ["y"]),
        (#"[[:alpha:]_]+"#, ["aZ_"], ["a1"]), (#"[[:^digit:]]"#, ["a"], ["1"]), (#"[[:a]"#, ["[", ":", "a"], ["b"]),
        (#"\d\D\w\W\s\S"#, ["1a_- x"], ["aa_- x"]), (#"[^\S\d]"#, [" ", "\t"], ["1", "a"]),
        (#"\s"#, ["\u{0C}"], ["\u{0B}"]),
        (#"a*"#, ["", "aaa"], ["b"]), (#"a+?"#, ["a", "aa"], [""]), (#"ab?c"#, ["ac", "abc"], ["abbc"]),
        (#"a{2}"#, ["aa"], ["a", "aaa"]), (#"a{2,}"#, ["aa", "aaaa"], ["a"]),
        (#"a{1,3}?"#, ["a", "aaa"], ["", "aaaa"]),
        (#"a{0}"#, [""], ["a"]), (#"a{,2}"#, ["a{,2}"], ["a"]), (#"a{x"#, ["a{x"], ["a"]),
        (#"a{02}"#, ["a{02}"], ["aa"]),
        (#"a|bc|"#, ["a", "bc", ""], ["b"]), (#"(a|b)*c"#, ["c", "abbac"], ["ab"]), (#"(?:ab)+"#, ["abab"], ["aba"]),
        (#"(?P<n>a)(?<m>b)"#, ["ab"], ["a"]), (#"(?i)aK[s-t]"#, ["AkS", "a\u{212A}\u{17F}"], ["b"]),
        (#"(?i:a)b"#, ["Ab"], ["AB"]), (#"(?i)a(?-i)b"#, ["Ab"], ["AB"]), (#"(a(?i)b)c"#, ["aBc"], ["aBC", "Abc"]),
        (#"(?i)[^a]"#, ["b"], ["A", "a"]), (#"(?i)\W"#, ["-"], ["\u{212A}", "k"]), (#"(?i)\x41"#, ["a"], ["b"]),
        (#"^a$"#, ["a"], ["a\n"]), (#"(?m)a$\n^b"#, ["a\nb"], ["ab"]), (#"a$\nb"#, [], ["a\nb"]),
        (#"\Aa\z"#, ["a"], ["b"]),
        (#"a\b.*"#, ["a", "a-b"], ["ab"]), (#"a\B."#, ["ab"], ["a-"]), (#"^*a"#, ["a"], ["b"]),
        (#"\Qa.b\E+"#, ["a.b", "a.bb"], ["axb", "a.ba.b"]), (#"\Q*"#, ["*"], [""]),
        (#"\.\/\_\-\{\}"#, ["./_-{}"], ["a/_-{}"]), (#"\x41\x{e9}\012\n\t\07"#, ["Aé\n\n\t\u{07}"], ["A"]),
        (
            #"/api/v[0-9]+/(items|users)(/.*)?"#, ["/api/v1/items", "/api/v22/users/7?x=y"],
            ["/api/v/items", "/api/v1/itemsx"]
        ),
    ])
    func `an expression matches whole values`(pattern: String, matching: [String], others: [String]) throws {
        let expression = try #require(RequestExpression(pattern))
        for value in matching { #expect(expression.matches(value), "\(value)") }
        for value in others { #expect(!expression.matches(value), "\(value)") }
    }

    @Test(arguments: [
        "a**", "a*+", "a{2}{3}", "*a", "(+)", "{2}a", "a|*", "(a", "a)", "[a", "[b-a]", "[[:nope:]]", "[a-\\d]", "\\",
        "a\\",
        "\\1", "\\8", "\\y", "\\pN", "\\C", "\\x4", "\\x{110000}", "(?x)a", "(?=a)", "(?P<>a)", "(?i-)a", "(?-)a", "(?",
        "a{1001}",
        "a{3,2}", "(?i)é", "((a{1,99}){1,99}){1,99}",
        String(repeating: "(", count: 300) + String(repeating: ")", count: 300),
        "(((){1000}){1000}){1000}",
    ])
    func `what is not known is refused`(pattern: String) { #expect(RequestExpression(pattern) == nil) }

    @Test func `time is linear in the value`() throws {
        let expression = try #require(RequestExpression("(a|aa)*((a+)+)+b"))
        #expect(!expression.matches(String(repeating: "a", count: 20_000)))
        #expect(expression.matches(String(repeating: "a", count: 20_000) + "b"))
    }
}

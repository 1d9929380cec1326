// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Figures;

/// <summary>The arrows of a way that a figure draws, written as <c>T5 => S1 -> T6</c>: from the caller to the called terminal, <c>=></c> for IPv6.</summary>
internal static class ArrowPath
{
    /// <summary>A call that is answered: INVITE, 200 by the way back, ACK.</summary>
    public static string[] Call(string path) => [.. Along(path, "INVITE"), .. Back(path, "200"), .. Along(path, "ACK")];

    /// <summary>A call that whoever stands at the end of the way refuses with that status.</summary>
    public static string[] Refused(string path, string status = "380") => [.. Along(path, "INVITE"), .. Back(path, status)];

    /// <summary>A request that is carried and answered, with 200 unless another status is said.</summary>
    public static string[] Carried(string path, string method, string status = "200") => [.. Along(path, method), .. Back(path, status)];

    private static IEnumerable<string> Along(string path, string name) => Hops(path).Select(hop => $"{hop.From} {hop.Line} {hop.To} {name}");

    private static IEnumerable<string> Back(string path, string name) => Hops(path).Reverse().Select(hop => $"{hop.To} {hop.Line} {hop.From} {name}");

    private static IEnumerable<(string From, string Line, string To)> Hops(string path)
    {
        string[] words = path.Split(' ');
        return Enumerable.Range(0, words.Length / 2).Select(i => (words[2 * i], words[(2 * i) + 1], words[(2 * i) + 2]));
    }
}

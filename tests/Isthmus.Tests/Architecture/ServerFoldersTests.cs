// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using Isthmus.Testing;

namespace Isthmus.Tests.Architecture;

/// <summary>Who may know whom inside of the server (docs/architecture.md), read from the sources. What puts the server together is in no folder's namespace and knows all.</summary>
public sealed partial class ServerFoldersTests
{
    private static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Admission"] = ["Hosting", "Location", "Peers", "Proxy"],
        ["Configuration"] = ["Events"],
        ["Diagnostics"] = ["Events", "Location", "Messaging", "Peers", "Proxy"],
        ["Events"] = ["Admission", "Hosting", "Location", "Messaging", "Peers", "Proxy", "Storing"],
        ["Explaining"] = ["Diagnostics", "Hosting", "Judging", "Location", "Peers", "Storing"],
        ["Hosting"] = ["Configuration"],
        ["Judging"] = ["Hosting", "Location", "Peers", "Proxy"],
        ["Location"] = ["Hosting", "Storing"],
        ["Messaging"] = ["Admission", "Hosting", "Location", "Proxy", "Storing"],
        ["Peers"] = ["Configuration"],
        ["Proxy"] = ["Hosting", "Location", "Peers"],
        ["Registrar"] = ["Diagnostics", "Hosting", "Location", "Proxy"],
        ["Storing"] = ["Events", "Location", "Messaging"],
    };

    // The store has the tables of all in the order in which they came to be, and the configuration the limits of a list: who adds to them adds a line there.
    private static readonly HashSet<(string Folder, string Other)> Gathering = [("Configuration", "Events"), ("Storing", "Events"), ("Storing", "Location"), ("Storing", "Messaging")];

    public static TheoryData<string> Folders => [.. Repository.Folders("src/Isthmus.Server").Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Folders))]
    public void Folder_Knows_OnlyWhomItMay(string folder) =>
        Assert.Empty(
            from file in Repository.Files("*.cs", $"src/Isthmus.Server/{folder}")
            let text = Repository.Read(file)
            where InFolder().IsMatch(text)
            from Match used in Used().Matches(text)
            let other = used.Groups[1].Value
            where other != folder && !MayKnow[folder].Contains(other)
            select $"{file} knows {other}");

    [Fact]
    public void Folders_KnowEachOther_OneWayOnly()
    {
        var left = MayKnow.ToDictionary(one => one.Key, one => one.Value.Where(other => !Gathering.Contains((one.Key, other))).ToList());
        while (left.Keys.FirstOrDefault(folder => !left[folder].Exists(left.ContainsKey)) is { } lowest)
        {
            left.Remove(lowest);
        }

        Assert.Empty(left.Keys); // each of them knows another one that is left, and so in the end itself
    }

    [GeneratedRegex(@"^namespace Isthmus\.Server\.\w", RegexOptions.Multiline)]
    private static partial Regex InFolder();

    [GeneratedRegex(@"^using (?:static )?Isthmus\.Server\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Used();
}

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
        ["Diagnostics"] = ["Events", "Explaining", "Location", "Messaging", "Peers"],
        ["Events"] = ["Admission", "Hosting", "Location", "Messaging", "Peers", "Proxy", "Storing"],
        ["Explaining"] = ["Diagnostics", "Hosting", "Judging", "Location", "Peers", "Storing"],
        ["Hosting"] = ["Configuration"],
        ["Judging"] = ["Diagnostics", "Hosting", "Location", "Peers", "Proxy"],
        ["Location"] = ["Hosting", "Storing"],
        ["Messaging"] = ["Admission", "Hosting", "Location", "Proxy", "Storing"],
        ["Peers"] = ["Configuration"],
        ["Proxy"] = ["Diagnostics", "Hosting", "Judging", "Location", "Peers"],
        ["Registrar"] = ["Diagnostics", "Hosting", "Location", "Proxy"],
        ["Storing"] = ["Events", "Location", "Messaging"],
    };

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

    [GeneratedRegex(@"^namespace Isthmus\.Server\.\w", RegexOptions.Multiline)]
    private static partial Regex InFolder();

    [GeneratedRegex(@"^using (?:static )?Isthmus\.Server\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Used();
}

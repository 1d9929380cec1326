// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using Isthmus.Bodies;
using Isthmus.Phone;

namespace Isthmus.App.Phone;

/// <summary>How the user of a phone is to be seen by those who watch the phone itself.</summary>
internal sealed class StatusArguments
{
    private static readonly (string Word, Availability Availability)[] All =
    [
        ("online", Availability.Online), ("away", Availability.Away), ("busy", Availability.Busy), ("on-the-phone", Availability.OnThePhone), ("offline", Availability.Offline),
    ];

    private readonly Option<string> _status = new Option<string>("--status") { Description = "what those are told who watch this phone itself (a server's own presence is for `publish`)", DefaultValueFactory = _ => All[0].Word }
        .AcceptOnlyFromAmong(Words);

    private readonly Option<string?> _note = new("--note") { Description = "some words for those who watch this phone itself" };

    /// <summary>The words for a status.</summary>
    public static string[] Words => [.. All.Select(one => one.Word)];

    public static Availability Read(string word) => All.First(one => one.Word == word).Availability;

    public void AddTo(Command command)
    {
        command.Options.Add(_status);
        command.Options.Add(_note);
    }

    public PhonePresence Presence(ParseResult parsed) => new(Read(parsed.GetValue(_status)!), parsed.GetValue(_note));
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Isthmus.Bodies;
using Isthmus.Sip;
using Isthmus.Testing;

namespace Isthmus.Tests.Server.Events;

/// <summary>What user agents say and hear of presence.</summary>
internal static class Presence
{
    /// <summary>Sends a SUBSCRIBE for presence, for an hour unless <paramref name="headers"/> say something else.</summary>
    public static RawMessage Subscribe(this ScriptedUa watcher, string uri, string headers = "")
    {
        string missing = headers.Contains("Event:", StringComparison.Ordinal) ? "" : "Event: presence\n";
        return watcher.Send(watcher.Request("SUBSCRIBE", uri, missing + headers));
    }

    /// <summary>Sends a PUBLISH of the user's own presence.</summary>
    public static RawMessage Publish(this ScriptedUa user, PresenceDocument? document, string headers = "") =>
        user.PublishText(document is null ? "" : Encoding.UTF8.GetString(document.ToBytes()), headers);

    /// <summary>Sends a PUBLISH with that body; empty: without one.</summary>
    public static RawMessage PublishText(this ScriptedUa user, string body, string headers = "") => user.Send(user.Request(
        "PUBLISH", $"sip:{user.User}@example.com", $"Event: presence\n{(body.Length > 0 ? "Content-Type: application/pidf+xml\n" : "")}{headers}", body));

    /// <summary>Waits for the next NOTIFY, and answers it.</summary>
    public static async Task<RawMessage> Notified(this ScriptedUa watcher, TimeSpan? within = null, int status = 200)
    {
        RawMessage notify = await watcher.Expect("NOTIFY", within);
        SipMessage? read = SipParser.Parse(Encoding.UTF8.GetBytes(notify.Text)).Message; // the server does not read what it sends
        Assert.Equal(notify.Body, Encoding.UTF8.GetString(Assert.IsType<SipRequest>(read).Body));
        watcher.Respond(notify, status);
        return notify;
    }

    /// <summary>The message with another value in a field.</summary>
    public static RawMessage Changed(this RawMessage message, string name, string value) =>
        message with { Text = message.Text.Replace($"{name}: {message[name]}\r\n", $"{name}: {value}\r\n", StringComparison.Ordinal) };

    /// <summary>What a NOTIFY comes down to.</summary>
    public static (Availability Availability, string? Note) Of(RawMessage notify)
    {
        Assert.Equal("application/pidf+xml", notify["Content-Type"]);
        Assert.True(PresenceDocument.TryParse(Encoding.UTF8.GetBytes(notify.Body), out PresenceDocument? document, out BodyFault? fault), fault?.ToString());
        return (document.Availability, document.Note);
    }
}

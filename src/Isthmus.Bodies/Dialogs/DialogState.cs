// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using static Isthmus.Bodies.DialogInfo;

namespace Isthmus.Bodies;

/// <summary>One call (RFC 4235 §4.1).</summary>
/// <param name="Id">What makes it known again in the next document.</param>
/// <param name="Phase">How far the call is.</param>
public sealed record DialogState(string Id, DialogPhase Phase)
{
    private static readonly Words<DialogPhase> Phases = new(
        (DialogPhase.Trying, "trying"), (DialogPhase.Proceeding, "proceeding"), (DialogPhase.Early, "early"), (DialogPhase.Confirmed, "confirmed"),
        (DialogPhase.Terminated, "terminated"));

    /// <summary>Whether the user called (true) or was called (false); null when not said.</summary>
    public bool? IsCaller { get; init; }

    /// <summary>The Call-ID; null when not said.</summary>
    public string? CallId { get; init; }

    /// <summary>The user's tag; null when not said.</summary>
    public string? LocalTag { get; init; }

    /// <summary>The other side's tag; null when not said.</summary>
    public string? RemoteTag { get; init; }

    /// <summary>What ended the call, as in <c>rejected</c> or <c>remote-bye</c>; null when not said.</summary>
    public string? Event { get; init; }

    /// <summary>The status code that ended the call; null when not said.</summary>
    public int? Code { get; init; }

    /// <summary>For how many seconds the call has lasted; null when not said.</summary>
    public int? DurationSeconds { get; init; }

    /// <summary>The user's side; null when not said.</summary>
    public DialogParty? Local { get; init; }

    /// <summary>The other side; null when not said.</summary>
    public DialogParty? Remote { get; init; }

    /// <summary>What else stands there.</summary>
    public ImmutableArray<MarkupElement> Extensions { get; init; } = [];

    internal static DialogState Read(MarkupElement element)
    {
        var state = element.Child(Namespace, "state");
        return new(element.Attribute("id") ?? "", Phases.Value(state?.Text) ?? DialogPhase.Terminated)
        {
            IsCaller = element.Attribute("direction") switch
            {
                "initiator" => true,
                "recipient" => false,
                _ => null,
            },
            CallId = element.Attribute("call-id"),
            LocalTag = element.Attribute("local-tag"),
            RemoteTag = element.Attribute("remote-tag"),
            Event = state?.Attribute("event"),
            Code = MarkupText.Number(state?.Attribute("code")),
            DurationSeconds = MarkupText.Number(element.TextOf(Namespace, "duration")),
            Local = element.Child(Namespace, "local") is { } local ? DialogParty.Read(local) : null,
            Remote = element.Child(Namespace, "remote") is { } remote ? DialogParty.Read(remote) : null,
            Extensions = [.. element.Children.Where(static child => child.Namespace != Namespace || child.Name is not ("state" or "duration" or "local" or "remote"))],
        };
    }

    internal void Write(ref MarkupWriter writer)
    {
        writer.Begin("dialog"u8);
        writer.Attribute("id"u8, Id);
        writer.Attribute("call-id"u8, CallId);
        writer.Attribute("local-tag"u8, LocalTag);
        writer.Attribute("remote-tag"u8, RemoteTag);
        writer.Attribute("direction"u8, IsCaller is { } caller ? caller ? "initiator" : "recipient" : null);
        writer.Begin("state"u8);
        writer.Attribute("event"u8, Event);
        writer.Attribute("code"u8, Code);
        writer.Text(Phases.Word(Phase));
        writer.End("state"u8);
        writer.Element("duration"u8, DurationSeconds);
        writer.Elements(Extensions, Namespace, ofNamespace: true);
        Local?.Write("local"u8, ref writer);
        Remote?.Write("remote"u8, ref writer);
        writer.Elements(Extensions, Namespace, ofNamespace: false);
        writer.End("dialog"u8);
    }
}

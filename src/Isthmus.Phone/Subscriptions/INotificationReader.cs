// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Phone;

/// <summary>An event package (RFC 6665 §7.2) as its subscriber sees it.</summary>
internal interface INotificationReader
{
    /// <summary>The value of Event.</summary>
    string Package { get; }

    /// <summary>The types of content that it reads, as Accept lists them.</summary>
    string Accept { get; }

    /// <summary>The extensions that it understands, as Supported lists them; null: none.</summary>
    string? Supported { get; }

    /// <summary>Another subscription begins: its first notification has the whole state.</summary>
    void Begin();

    /// <summary>Reads the body of a notification that has one. They come in order, each once.</summary>
    NotificationFit Read(SipRequest notify);
}

/// <summary>What became of a notification's body.</summary>
internal enum NotificationFit
{
    /// <summary>It was read, or what is wrong with it was told.</summary>
    Read,

    /// <summary>Its type is not one of those that are accepted.</summary>
    WrongType,

    /// <summary>It leaves out what was missed: the whole state must be asked for again.</summary>
    Gap,
}

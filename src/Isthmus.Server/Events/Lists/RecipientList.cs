// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Isthmus.Bodies;
using Isthmus.Sip;

namespace Isthmus.Server.Events;

/// <summary>The list that a SUBSCRIBE brings along (RFC 5367 §4): linphone sends its whole contact list so, mostly compressed.</summary>
internal static class RecipientList
{
    /// <summary>The option tag of a SUBSCRIBE that brings one.</summary>
    public const string Extension = "recipient-list-subscribe";

    /// <summary>Whether there is one.</summary>
    public static bool IsIn(SipRequest subscribe) => !subscribe.Body.IsEmpty && subscribe.HasContentType(ResourceList.ContentType);

    /// <summary>Reads it. The same member twice is one member.</summary>
    public static bool TryRead(SipRequest subscribe, [NotNullWhen(true)] out IReadOnlyList<ListMember>? members, [NotNullWhen(false)] out ListRefusal? refusal)
    {
        members = null;
        refusal = null;
        if (!TryGetBody(subscribe, out byte[]? body))
        {
            refusal = new(415, "Unreadable Content-Encoding");
        }
        else if (!ResourceList.TryParse(body, out ResourceList? list, out BodyFault? fault))
        {
            refusal = new(400, fault.ToString());
        }
        else if (list.Entries.Length > ResourceListDirectory.MostMembers)
        {
            refusal = ResourceListDirectory.TooMany;
        }
        else
        {
            members = [.. list.Entries.DistinctBy(static entry => entry.Uri).Select(static entry => new ListMember(entry.Uri, entry.DisplayName))];
        }

        return members is not null;
    }

    private static bool TryGetBody(SipRequest subscribe, [NotNullWhen(true)] out byte[]? body)
    {
        string encoding = subscribe.Text(HeaderName.ContentEncoding) ?? "identity";
        body = encoding.Equals("identity", StringComparison.OrdinalIgnoreCase) ? subscribe.Body.ToArray()
            : encoding.Equals("deflate", StringComparison.OrdinalIgnoreCase) ? Inflate(subscribe.Body.ToArray())
            : null;
        return body is not null;
    }

    // Never more than one octet over what a body may have, however little it came as.
    private static byte[]? Inflate(byte[] deflated)
    {
        byte[] body = new byte[BodyLimits.Default.MaxBytes + 1];
        try
        {
            using var stream = new ZLibStream(new MemoryStream(deflated, writable: false), CompressionMode.Decompress);
            return body[..stream.ReadAtLeast(body, body.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}

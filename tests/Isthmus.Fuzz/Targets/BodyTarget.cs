// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using Isthmus.Bodies;

namespace Isthmus.Fuzz.Targets;

/// <summary>The readers of all documents but sessions, over what stands behind the first empty line; each is tried by what the body begins with.</summary>
internal sealed class BodyTarget : ITarget
{
    private delegate bool Reader<T>(ReadOnlySpan<byte> body, out T? document, out BodyFault? fault, BodyLimits? limits);

    public string Name => "body";

    public bool Read(ReadOnlySpan<byte> input)
    {
        int head = input.IndexOf("\r\n\r\n"u8);
        ReadOnlySpan<byte> body = head < 0 ? input : input[(head + 4)..];
        return body.IsEmpty ? false
            : body[0] == '<' || body.StartsWith("\xEF\xBB\xBF"u8) ? Markup(body)
            : body.StartsWith("--"u8) ? Parts(body)
            : Same<MessageSummary>(MessageSummary.TryParse, static document => document.ToBytes(), body);
    }

    // What is no XML at all costs an exception, so it is not tried as each of the documents.
    private static bool Markup(ReadOnlySpan<byte> body) =>
        body.IndexOf("iscomposing"u8) >= 0 ? Same<IsComposing>(IsComposing.TryParse, static document => document.ToBytes(), body)
        : body.IndexOf("imdn"u8) >= 0 ? Same<MessageDisposition>(MessageDisposition.TryParse, static document => document.ToBytes(), body)
        : body.IndexOf("watcherinfo"u8) >= 0 ? Same<WatcherInfo>(WatcherInfo.TryParse, static document => document.ToBytes(), body)
        : body.IndexOf("reginfo"u8) >= 0 ? Same<RegistrationInfo>(RegistrationInfo.TryParse, static document => document.ToBytes(), body)
        : body.IndexOf("dialog-info"u8) >= 0 ? Same<DialogInfo>(DialogInfo.TryParse, static document => document.ToBytes(), body)
        : body.IndexOf("rlmi"u8) >= 0 ? Same<ResourceListInfo>(ResourceListInfo.TryParse, static document => document.ToBytes(), body)
        : body.IndexOf("resource-lists"u8) >= 0 ? Same<ResourceList>(ResourceList.TryParse, static document => document.ToBytes(), body)
        : Presence(body);

    private static bool Presence(ReadOnlySpan<byte> body)
    {
        if (!Same<PresenceDocument>(PresenceDocument.TryParse, static document => document.ToBytes(), body) || !PresenceDocument.TryParse(body, out PresenceDocument? document, out _))
        {
            return false;
        }

        PresenceDocument composed = PresenceComposition.Compose("sip:a@b", [document, document]);
        Property.Same(document.IsOpen, composed.IsOpen, "whether a composed user is open");
        Property.Same(composed.Tuples.Length, composed.Tuples.DistinctBy(static tuple => tuple.Id).Count(), "tuples with an id of their own");
        return true;
    }

    private static bool Parts(ReadOnlySpan<byte> body)
    {
        int end = body.IndexOfAny((byte)'\r', (byte)'\n');
        string boundary = System.Text.Encoding.Latin1.GetString(body[2..(end < 0 ? body.Length : end)]).Replace("\\", "\\\\").Replace("\"", "\\\"");
        if (!MultipartBody.TryParse(body.ToArray(), $"multipart/related;boundary=\"{boundary}\"", out MultipartBody? multipart, out BodyFault? fault))
        {
            Property.Holds(fault.Reason.Length > 0, "what cannot be read has a fault");
            return false;
        }

        Property.Holds(multipart.Parts.Sum(static part => part.Content.Length) <= body.Length, "parts are slices of the body");
        var written = new ArrayBufferWriter<byte>();
        string type = multipart.WriteTo(written);
        Property.Holds(MultipartBody.TryParse(written.WrittenMemory, type, out MultipartBody? again, out fault), $"parts that are written can be read: {fault}");
        Property.Same(multipart.Parts.Length, again!.Parts.Length, "the number of parts");
        for (int i = 0; i < again.Parts.Length; i++)
        {
            Property.Same(multipart.Parts[i].Content.Span, again.Parts[i].Content.Span, "a part that is written is read as the same");
        }

        return true;
    }

    private static bool Same<T>(Reader<T> reader, Func<T, byte[]> toBytes, ReadOnlySpan<byte> body)
        where T : class
    {
        if (!reader(body, out T? document, out BodyFault? fault, null))
        {
            Property.Holds(document is null && fault is { Reason.Length: > 0 }, "what cannot be read has a fault and no document");
            return false;
        }

        // What is written may be longer than what was read: a character may have to be escaped.
        byte[] written = toBytes(document!);
        Property.Holds(reader(written, out T? again, out fault, new BodyLimits { MaxBytes = 10 * (body.Length + 1000) }), $"a document that is written can be read: {fault}");
        Property.Same(written.AsSpan(), toBytes(again!), "a document that is written is read as the same");
        return true;
    }
}

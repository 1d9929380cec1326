// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace Isthmus.Sip;

/// <summary>Makes the answer to a request (RFC 3261 §8.2.6). One builder can make many, one after the other: then it allocates nothing. Not for several threads.</summary>
public sealed class ResponseBuilder : MessageBuilder<ResponseBuilder>
{
    private SipRequest? _request;
    private int _statusCode;
    private string _reason = "";
    private byte[] _toTag = [];
    private int _toTagLength;
    private bool _recordRoutes;

    /// <summary>A builder that waits for <see cref="Begin"/>.</summary>
    public ResponseBuilder()
    {
    }

    internal ResponseBuilder(SipRequest request, int statusCode, string? reason, string? toTag) =>
        Begin(request, statusCode, reason, toTag is null ? default : Encoding.UTF8.GetBytes(toTag));

    /// <summary>Begins the answer to a request; what was added before is forgotten. Via, From, To, Call-ID and CSeq will be copied.</summary>
    /// <param name="request">The request; it is read by <see cref="Build"/>.</param>
    /// <param name="statusCode">100 to 699.</param>
    /// <param name="reason">The reason phrase; the usual one of the status when null.</param>
    /// <param name="toTag">The tag added to To when the request has none; nothing is added when it is empty.</param>
    public ResponseBuilder Begin(SipRequest request, int statusCode, string? reason = null, ReadOnlySpan<byte> toTag = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(statusCode, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statusCode, 699);
        Clear();
        (_request, _statusCode, _reason, _recordRoutes) = (request, statusCode, reason ?? StatusCodes.ReasonPhrase(statusCode), false);
        if (_toTag.Length < toTag.Length)
        {
            _toTag = new byte[toTag.Length];
        }

        toTag.CopyTo(_toTag);
        _toTagLength = toTag.Length;
        return this;
    }

    /// <summary>Copies Record-Route too: for an answer that creates a dialog (RFC 3261 §12.1.1).</summary>
    public ResponseBuilder CopyRecordRoutes()
    {
        _recordRoutes = true;
        return this;
    }

    /// <summary>The response. An answer to a malformed request repeats its fields as they are; of those that may stand once, the first.</summary>
    /// <param name="pool">Where the message goes back to when it is disposed; nowhere when null.</param>
    public SipResponse Build(MessagePool? pool = null)
    {
        SipRequest request = _request ?? throw new InvalidOperationException("Begin an answer with the request to be answered.");
        ref readonly MessageMemory memory = ref request.Memory;
        SipResponse response = MessagePool.Response(pool, memory.BodyStart + FieldsAndBodyLength + _toTagLength + (_reason.Length * 3) + 64);
        var writer = new SipWriter(response.Unindexed.Bytes);
        writer.Raw("SIP/2.0 "u8);
        writer.Number(_statusCode);
        writer.Raw(" "u8);
        int reasonStart = writer.Length;
        writer.Text(_reason);
        int reasonEnd = writer.Length;
        writer.Raw("\r\n"u8);
        int lineEnd = writer.Length;
        for (int i = 0; i < memory.Count; i++)
        {
            HeaderSlot slot = memory.Slots[i];
            switch (slot.Name)
            {
                case HeaderName.Via:
                case HeaderName.RecordRoute when _recordRoutes:
                case HeaderName.From or HeaderName.CallId or HeaderName.CSeq when memory.Find(slot.Name) == i:
                case HeaderName.Timestamp when _statusCode == 100 && memory.Find(slot.Name) == i:
                    writer.Raw(memory.Span[slot.Start..slot.End]);
                    break;
                case HeaderName.To when memory.Find(slot.Name) == i:
                    WriteTo(ref writer, memory, i);
                    break;
            }
        }

        int bodyStart = WriteFieldsAndBody(ref writer);
        response.Unindexed.Written(writer, lineEnd, bodyStart);
        response.Set(_statusCode, reasonStart, reasonEnd);
        return response;
    }

    private void WriteTo(ref SipWriter writer, in MessageMemory memory, int index)
    {
        HeaderSlot slot = memory.Slots[index];
        if (_toTagLength == 0 || !AddressParts.TryScan(memory.Value(index), out AddressParts to) || to.Tag.IsThere)
        {
            writer.Raw(memory.Span[slot.Start..slot.End]);
            return;
        }

        writer.Raw(memory.Span[slot.Start..slot.ValueEnd]);
        writer.Raw(";tag="u8);
        writer.Value(_toTag.AsSpan(0, _toTagLength));
        writer.Raw("\r\n"u8);
    }
}

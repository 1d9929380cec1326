// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Makes the answer to a request (RFC 3261 §8.2.6).</summary>
public sealed class ResponseBuilder : MessageBuilder<ResponseBuilder>
{
    private readonly SipRequest _request;
    private readonly int _statusCode;
    private readonly string _reason;
    private readonly string? _toTag;
    private bool _recordRoutes;

    internal ResponseBuilder(SipRequest request, int statusCode, string? reason, string? toTag)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(statusCode, 100);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statusCode, 699);
        (_request, _statusCode, _reason, _toTag) = (request, statusCode, reason ?? StatusCodes.ReasonPhrase(statusCode), toTag);
    }

    /// <summary>Copies Record-Route too: for an answer that creates a dialog (RFC 3261 §12.1.1).</summary>
    public ResponseBuilder CopyRecordRoutes()
    {
        _recordRoutes = true;
        return this;
    }

    /// <summary>The response. An answer to a malformed request repeats its fields as they are; of those that may stand once, the first.</summary>
    public SipResponse Build()
    {
        var writer = new SipWriter(1024);
        writer.Raw("SIP/2.0 "u8);
        writer.Number(_statusCode);
        writer.Raw(" "u8);
        writer.Text(_reason);
        writer.Raw("\r\n"u8);
        for (int i = 0; i < _request.Memory.Count; i++)
        {
            HeaderField field = _request.Headers[i];
            switch (field.Name)
            {
                case HeaderName.Via:
                case HeaderName.RecordRoute when _recordRoutes:
                case HeaderName.From or HeaderName.CallId or HeaderName.CSeq when IsFirst(i):
                case HeaderName.Timestamp when _statusCode == 100 && IsFirst(i):
                    writer.Raw(field.Line);
                    break;
                case HeaderName.To when IsFirst(i):
                    WriteTo(ref writer, field);
                    break;
            }
        }

        WriteFieldsAndBody(ref writer);
        SipResponse response = WrittenMessage.ReadResponse(writer.Written, _statusCode);
        writer.Return();
        return response;
    }

    private bool IsFirst(int index) => _request.Memory.Find(_request.Memory.Slots[index].Name) == index;

    private void WriteTo(ref SipWriter writer, HeaderField field)
    {
        if (_toTag is null || !NameAddr.TryScan(field.Value, out ReadOnlySpan<byte> tag) || !tag.IsEmpty)
        {
            writer.Raw(field.Line);
            return;
        }

        writer.Raw(field.Line[..^2].TrimEnd(" \t\r\n"u8));
        writer.Raw(";tag="u8);
        writer.Text(_toTag);
        writer.Raw("\r\n"u8);
    }
}

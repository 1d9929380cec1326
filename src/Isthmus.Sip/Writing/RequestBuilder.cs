// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;

namespace Isthmus.Sip;

/// <summary>Makes a request.</summary>
public sealed class RequestBuilder(SipMethod method, string requestUri) : MessageBuilder<RequestBuilder>
{
    /// <summary>Makes a request to that URI.</summary>
    public RequestBuilder(SipMethod method, AnyUri requestUri)
        : this(method, (requestUri as SipUri)?.WithoutHeaders().ToString() ?? requestUri.ToString())
    {
    }

    /// <summary>Adds From.</summary>
    public RequestBuilder From(NameAddr from) => Header(HeaderName.From, from.ToString());

    /// <summary>Adds To.</summary>
    public RequestBuilder To(NameAddr to) => Header(HeaderName.To, to.ToString());

    /// <summary>Adds Call-ID.</summary>
    public RequestBuilder CallId(string callId) => Header(HeaderName.CallId, callId);

    /// <summary>Adds CSeq with this request's method.</summary>
    public RequestBuilder CSeq(uint number) => Header(HeaderName.CSeq, new CSeq(number, method).ToString());

    /// <summary>Adds Max-Forwards.</summary>
    public RequestBuilder MaxForwards(int hops = 70) => Header(HeaderName.MaxForwards, hops.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a Route.</summary>
    public RequestBuilder Route(NameAddr route) => Header(HeaderName.Route, route.ToString());

    /// <summary>The request. A Via may still be missing: the stack adds it when it sends.</summary>
    /// <param name="pool">Where the message goes back to when it is disposed; nowhere when null.</param>
    /// <exception cref="InvalidOperationException">What was added does not make a well-formed request.</exception>
    public SipRequest Build(MessagePool? pool = null)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(FieldsAndBodyLength + (requestUri.Length * 3) + 128);
        var writer = new SipWriter(rented);
        writer.Text(method.Name);
        writer.Raw(" "u8);
        writer.Text(requestUri);
        writer.Raw(" SIP/2.0\r\n"u8);
        WriteFieldsAndBody(ref writer);
        var request = (SipRequest)WrittenMessage.Read(writer.Written, pool);
        ArrayPool<byte>.Shared.Return(rented);
        return request;
    }
}

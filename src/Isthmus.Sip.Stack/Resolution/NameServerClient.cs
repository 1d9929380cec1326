// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using DnsClient;
using DnsClient.Protocol;

namespace Isthmus.Sip.Stack;

/// <summary>Asks one resolver, by means of the library DnsClient: by UDP, and by TCP after a truncated answer (RFC 2181 §9). Nothing else here knows that library.</summary>
internal sealed class NameServerClient(IPEndPoint server) : IDnsClient
{
    // The time that counts is kept by whoever asks; this one only makes sure that no socket stays.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private const int Attempts = 2;

    private readonly LookupClient _client = new(new LookupClientOptions(new NameServer(server))
    {
        UseCache = false,
        Retries = 0,
        Timeout = Longest,
        UseTcpFallback = true,
        ThrowDnsErrors = false,
        ContinueOnDnsError = false,
        ContinueOnEmptyResponse = false,
        ExtendedDnsBufferSize = 1232, // what passes unfragmented everywhere on both IP versions; what is longer comes by TCP
    });

    public async ValueTask<DnsReply> QueryAsync(string name, DnsType type, CancellationToken cancellationToken)
    {
        var question = new DnsQuestion(name, type switch { DnsType.A => QueryType.A, DnsType.Aaaa => QueryType.AAAA, DnsType.Srv => QueryType.SRV, _ => QueryType.NAPTR });
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                var response = await _client.QueryAsync(question, cancellationToken).ConfigureAwait(false);
                if (Fits(response, question))
                {
                    return Read(response);
                }
            }
            // Whatever an answer makes of the library that reads it, it is an answer that cannot be read.
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (IsNoWay(error))
                {
                    return DnsReply.Failed(DnsStatus.Unreachable);
                }
            }
            // The library ends a question at the first datagram that is not its answer, whoever sent that: so it is asked once more.
            if (attempt == Attempts)
            {
                return DnsReply.Failed(DnsStatus.ServerFailure);
            }
        }
    }

    private static bool IsNoWay(Exception error) =>
        (error as SocketException ?? error.InnerException as SocketException)?.SocketErrorCode
            is SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.ConnectionRefused or SocketError.AddressFamilyNotSupported or SocketError.AccessDenied;

    private static bool Fits(IDnsQueryResponse response, DnsQuestion question) =>
        response.Questions is [var echoed, ..] && echoed.QuestionType == question.QuestionType && DnsNames.AreEqual(echoed.QueryName.Value, question.QueryName.Value);

    private static DnsReply Read(IDnsQueryResponse response)
    {
        var status = response.Header.ResponseCode switch
        {
            DnsHeaderResponseCode.NoError => DnsStatus.Ok,
            DnsHeaderResponseCode.NotExistentDomain => DnsStatus.NameError,
            DnsHeaderResponseCode.NotImplemented or DnsHeaderResponseCode.FormatError => DnsStatus.NotImplemented,
            _ => DnsStatus.ServerFailure,
        };
        // RFC 2308 §5: the lower of the two.
        var soa = response.Authorities.SoaRecords().FirstOrDefault();
        TimeSpan? negative = soa is null ? null : TimeSpan.FromSeconds(Math.Min(soa.Minimum, (uint)Math.Max(0, soa.InitialTimeToLive)));
        return new DnsReply(status, [.. response.Answers.Select(Read).OfType<DnsRecord>()], negative);
    }

    private static DnsRecord? Read(DnsResourceRecord record)
    {
        string name = DnsNames.Plain(record.DomainName.Value);
        var time = TimeSpan.FromSeconds(Math.Max(0, record.InitialTimeToLive));
        return record switch
        {
            DnsClient.Protocol.AddressRecord address => new AddressRecord(name, time, address.Address),
            CNameRecord alias => new AliasRecord(name, time, DnsNames.Plain(alias.CanonicalName.Value)),
            SrvRecord service => new ServiceRecord(name, time, service.Priority, service.Weight, service.Port, DnsNames.Plain(service.Target.Value)),
            NAPtrRecord { RegularExpression: null or "" } pointer =>
                new PointerRecord(name, time, pointer.Order, pointer.Preference, pointer.Flags, pointer.Services, DnsNames.Plain(pointer.Replacement.Value)),
            _ => null,
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace Isthmus.Media;

internal static class EndPoints
{
    extension(IPEndPoint endPoint)
    {
        /// <summary>An IPv4 address that came written as IPv6 becomes IPv4: the two never meet in one list.</summary>
        public IPEndPoint Normalised =>
            endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;

        /// <summary>False for port 0 and for 0.0.0.0 or ::, which an old-style hold writes.</summary>
        public bool IsReachable =>
            endPoint.Port != 0 && !endPoint.Address.Equals(IPAddress.Any) && !endPoint.Address.Equals(IPAddress.IPv6Any);
    }
}

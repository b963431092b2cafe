using IntrospectionAuth.Http;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace IntrospectionAuth.Tests.Http
{
    /// <summary>Handlers that would send a client assertion twice go; others stay.</summary>
    public sealed class ForeignResilienceTests
    {
        [Fact]
        public void Handlers_for_resilience_go_and_others_stay_in_their_order()
        {
            DelegatingHandler first = new Other();
            DelegatingHandler second = new Other();
            IList<DelegatingHandler> handlers =
            [
                new ResilienceHandler(ResiliencePipeline<HttpResponseMessage>.Empty),
                first,
                new PolicyHttpMessageHandler(),
                new DerivedResilience(),
                second,
                new DerivedPolicy(),
            ];

            ForeignResilience.Remove(handlers);

            Assert.Equal([first, second], handlers);
        }

        private sealed class Other : DelegatingHandler;

        private sealed class DerivedResilience() : ResilienceHandler(ResiliencePipeline<HttpResponseMessage>.Empty);

        private sealed class DerivedPolicy : PolicyHttpMessageHandler;
    }
}

namespace Microsoft.Extensions.Http
{
    /// <summary>Has the name of the handler of Microsoft.Extensions.Http.Polly, a package for older versions of Polly.</summary>
    internal class PolicyHttpMessageHandler : DelegatingHandler;
}

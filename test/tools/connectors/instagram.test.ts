import { connectors } from '../../../tools/connectors/index.ts'
import { publisherConformance } from '../../conformance/publisher.ts'
import { openInstagramDouble } from './instagram-double.ts'

publisherConformance(connectors.instagram, openInstagramDouble)
